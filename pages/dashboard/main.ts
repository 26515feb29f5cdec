import { createApi, SignedOut } from './api.js'
import { openDashboard } from './dashboard.js'
import { h, put } from './dom.js'
import { createLinks } from './links.js'
import type { Looker } from './page-state.js'
import { QUERIES } from './queries.js'
import { openSession, type Session } from './session.js'
import { signInForm } from './sign-in.js'
import { applyTheme, chosenTheme } from './theme.js'
import type { Coverage } from './types.js'

const RETRY_MS = 3000

const header = document.querySelector('#header') as HTMLElement
const main = document.querySelector('#main') as HTMLElement

applyTheme(chosenTheme())
const session = await openSession()
void start('')

/** Shows the dashboard to who is signed in, and the form to everyone else. */
async function start(message: string): Promise<void> {
  if (session.token() === null) return showSignIn(message)
  try {
    const looker = await findLooker(session)
    const close = openDashboard(session, looker, { header, main }, (why) => {
      close()
      session.signOut()
      void start(why)
    })
  } catch (error) {
    if (error instanceof SignedOut || error instanceof Refused) {
      session.signOut()
      return showSignIn(error.message)
    }
    put(main, h('p', { class: 'notice', role: 'status' }, 'The server does not answer; it is asked again.'))
    setTimeout(() => void start(message), RETRY_MS)
  }
}

function showSignIn(message: string): void {
  put(header)
  const form = signInForm(message, (token) => {
    session.signIn(token)
    void start('')
  })
  put(main, form)
  form.querySelector('input')?.focus()
}

/** The token is valid, and not for this. */
class Refused extends Error {}

/** Who looks: an operator sees pools, which an ADMIN is refused. @throws SignedOut, Refused, or what fetch throws */
async function findLooker(own: Session): Promise<Looker> {
  const ask = createApi(own)
  const { data, errors } = await ask<{ performance: { coverage: Coverage; pools: object[] | null } }>(
    QUERIES.coverage(),
  )
  if (!data) throw new Refused(errors[0]?.message ?? 'The server gave no answer.')
  const { coverage, pools } = data.performance
  const isOperator = pools !== null
  const me = isOperator ? null : await ask<{ me: { tenant: { name: string } } }>(QUERIES.me())
  const { hasGraphiQL = false, token } = own.options()
  const isTokenGiven = isOperator && token !== undefined
  const scope = me ? (me.data?.me.tenant.name ?? 'Own tenant') : 'Whole server'
  return { ask, links: createLinks(hasGraphiQL, isTokenGiven), isOperator, scope, coverage }
}
