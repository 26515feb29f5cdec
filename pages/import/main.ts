import { createApi, SignedOut } from '../dashboard/api.js'
import { h, put } from '../dashboard/dom.js'
import { openSession } from '../dashboard/session.js'
import { signInForm } from '../dashboard/sign-in.js'
import { applyTheme, chosenTheme, nextTheme } from '../dashboard/theme.js'
import { openImport } from './import.js'
import { QUERIES } from './queries.js'

const RETRY_MS = 3000
const WORDS = {
  title: 'Kith import',
  iconUrl: '/import/icon.svg',
  tokens: [['The token of a MEMBER or above imports into its tenant:', 'npm run -s token -- --tenant <slug>']],
} as const

const header = document.querySelector('#header') as HTMLElement
const main = document.querySelector('#main') as HTMLElement

applyTheme(chosenTheme())
const session = await openSession('import')
void start('')

/** Shows the page to who is signed in, and the form to everyone else. */
async function start(message: string): Promise<void> {
  if (session.token() === null) return showSignIn(message)
  const ask = createApi(session, 'kith-import')
  try {
    const { data, errors } = await ask<{ me: { role: string; tenant: { name: string } } }>(QUERIES.me)
    if (!data) return signOut(errors[0]?.message ?? 'The server gave no answer.')
    showHeader(data.me.tenant.name)
    openImport(main, session, ask, signOut)
  } catch (error) {
    if (error instanceof SignedOut) return signOut(error.message)
    put(main, h('p', { class: 'notice', role: 'status' }, 'The server does not answer; it is asked again.'))
    setTimeout(() => void start(message), RETRY_MS)
  }
}

function signOut(why: string): void {
  session.signOut()
  void start(why)
}

function showSignIn(message: string): void {
  put(header)
  const submit = (token: string): void => {
    session.signIn(token)
    void start('')
  }
  const form = signInForm(message, submit, WORDS)
  put(main, form)
  form.querySelector('input')?.focus()
}

function showHeader(tenant: string): void {
  const themeName = (): string => `Theme: ${chosenTheme()}`
  const change = (): void => {
    applyTheme(nextTheme(chosenTheme()))
    theme.textContent = themeName()
  }
  const theme = h('button', { type: 'button', class: 'tool', click: change }, themeName())
  const out = h('button', { type: 'button', class: 'tool', click: () => signOut('') }, 'Sign out')
  put(
    header,
    h(
      'div',
      { class: 'header' },
      h(
        'div',
        { class: 'brand' },
        h('img', { src: WORDS.iconUrl, alt: '', width: 22, height: 22 }),
        h('h1', {}, 'Kith import'),
      ),
      h('span', { class: 'scope' }, tenant),
      h('div', { class: 'tools end' }, theme, out),
    ),
  )
}
