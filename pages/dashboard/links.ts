import { h } from './dom.js'
import { openDialog } from './dialog.js'

/** Where queries are opened. */
export interface Links {
  /** A text, mostly a figure, that leads to the query that gives it. Who uses the keyboard has `button` instead. */
  readonly figure: (text: string, query: string, className?: string) => HTMLElement
  /** The same as a button of a panel. */
  readonly button: (about: string, query: string) => HTMLElement
}

/** Links to GraphiQL with the query filled in, where it is served; else they show the query. */
export function createLinks(hasGraphiQL: boolean, isTokenGiven: boolean): Links {
  // The token of a page that the server filled in can be given to GraphiQL by the server as well.
  const address = (query: string): string =>
    `/graphiql?query=${encodeURIComponent(query)}${isTokenGiven ? '#operator' : ''}`
  const link = (query: string, props: Record<string, string>, text: string): HTMLElement =>
    hasGraphiQL
      ? h('a', { ...props, href: address(query), target: '_blank', rel: 'noopener' }, text)
      : h('button', { ...props, type: 'button', click: () => showQuery(query) }, text)
  return {
    figure: (text, query, className = '') =>
      link(query, { class: `figure ${className}`, tabindex: '-1', title: 'The query that gives this figure' }, text),
    button: (about, query) =>
      link(query, { class: 'tool', 'aria-label': `The query of ${about}`, title: `The query of ${about}` }, 'Query'),
  }
}

function showQuery(query: string): void {
  const text = h('pre', { class: 'code', tabindex: '0' }, query)
  const copy = h(
    'button',
    {
      type: 'button',
      class: 'tool',
      click: () => void navigator.clipboard.writeText(query).then(() => (copy.textContent = 'Copied')),
    },
    'Copy',
  )
  openDialog('The query of this figure', [
    h('p', {}, 'Send it to ', h('code', {}, '/graphql'), ' with your token.'),
    text,
    copy,
  ])
}
