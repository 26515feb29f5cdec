import { h } from './dom.js'

/** The form where a token is typed; `submit` gets it. */
export function signInForm(message: string, submit: (token: string) => void): HTMLElement {
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
    h('img', { src: '/dashboard/icon.svg', alt: '', width: 40, height: 40 }),
    h('h1', {}, 'Kith dashboard'),
    message === '' ? null : h('p', { role: 'alert', class: 'bad' }, message),
    h('label', { for: 'token' }, 'Token'),
    input,
    h('button', { type: 'submit', class: 'primary' }, 'Sign in'),
    h(
      'div',
      { id: 'token-help', class: 'note' },
      h('p', {}, 'An operator’s token shows the whole server:'),
      h('pre', { class: 'code' }, 'npm run -s token -- --operator'),
      h('p', {}, 'The token of an ADMIN shows what the own tenant causes:'),
      h('pre', { class: 'code' }, 'npm run -s token -- --tenant <slug> --role ADMIN'),
      h('p', {}, 'It stays in this tab.'),
    ),
  )
  return form
}
