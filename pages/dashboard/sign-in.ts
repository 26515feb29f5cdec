import { h } from './dom.js'

/** What the form says of its page: each kind of token that may be typed, and the command that makes it. */
export interface SignInWords {
  readonly title: string
  readonly iconUrl: string
  readonly tokens: readonly (readonly [who: string, command: string])[]
}

const DASHBOARD_WORDS: SignInWords = {
  title: 'Kith dashboard',
  iconUrl: '/dashboard/icon.svg',
  tokens: [
    ['An operator’s token shows the whole server:', 'npm run -s token -- --operator'],
    ['The token of an ADMIN shows what the own tenant causes:', 'npm run -s token -- --tenant <slug> --role ADMIN'],
  ],
}

/** The form where a token is typed; `submit` gets it. */
export function signInForm(message: string, submit: (token: string) => void, words = DASHBOARD_WORDS): HTMLElement {
  const input = h('input', {
    type: 'password',
    id: 'token',
    autocomplete: 'off',
    spellcheck: 'false',
    required: true,
    'aria-describedby': 'token-help',
  })
  const form = h(
    'form',
    {
      class: 'sign-in panel',
      submit: (event) => {
        event.preventDefault()
        const token = input.value.trim().replace(/^Bearer +/i, '')
        if (token !== '') submit(token)
      },
    },
    h('img', { src: words.iconUrl, alt: '', width: 40, height: 40 }),
    h('h1', {}, words.title),
    message === '' ? null : h('p', { role: 'alert', class: 'bad' }, message),
    h('label', { for: 'token' }, 'Token'),
    input,
    h('button', { type: 'submit', class: 'primary' }, 'Sign in'),
    h(
      'div',
      { id: 'token-help', class: 'note' },
      ...words.tokens.flatMap(([who, command]) => [h('p', {}, who), h('pre', { class: 'code' }, command)]),
      h('p', {}, 'It stays in this tab.'),
    ),
  )
  return form
}
