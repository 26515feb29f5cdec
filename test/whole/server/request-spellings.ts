/** What a browser on this machine names as the host. `PORT` stands for the server's port, here and below. */
export const GOOD_HOSTS = [
  'localhost',
  'localhost:PORT',
  'LocalHost:PORT',
  '127.0.0.1:PORT',
  '127.0.0.2',
  '[::1]:PORT',
  '[::1]:1',
]
/** Names of something else, or other ways to write loopback that no browser sends. */
export const EVIL_HOSTS = [
  'evil.example',
  'evil.example:PORT',
  'localhost.evil.example',
  '127.0.0.1.evil.example:PORT',
  'evil-localhost',
  'localhost.',
  'localhost.:PORT',
  'evil.localhost:PORT',
  '127.0.0.1.:PORT',
  '127.1',
  '2130706433',
  '0x7f.0.0.1',
  '0.0.0.0:PORT',
  '192.0.2.1:PORT',
  '[::]:PORT',
  '[::1]evil.example',
  '[::2]:PORT',
  '[::ffff:127.0.0.1]:PORT',
  'localhost:PORT:PORT',
  'localhost:evil',
  'localhost/',
  'localhost#',
  'localhost@evil.example',
  'evil.example@localhost',
  'löcalhost',
]
/** What can't be part of a URL. */
export const NO_HOSTS = [
  '',
  '[::1',
  '[fe80::1%25lo]:PORT',
  'localhost, evil.example',
  'evil.example localhost',
  'local%zz',
]

/** A way to write a path in a request line, and what the router makes of it. */
export interface Spelling {
  readonly target: string
  /** 200: this very path; 308: the path with a slash at its end; 404: another one; 400: none at all */
  readonly found: 200 | 308 | 404 | 400
}

/**
 * Every spelling of a path that a client might try: those that the router takes for the path, and those that it
 * doesn't.
 */
export function spellings(path: string): Spelling[] {
  const found = (target: string): Spelling => ({ target, found: 200 })
  const other = (target: string): Spelling => ({ target, found: 404 })
  const positions = [...path].map((_, index) => index).slice(1)
  const encodedAt = (index: number, encode: (char: string) => string): Spelling => {
    const char = path[index] ?? ''
    const target = path.slice(0, index) + encode(char) + path.slice(index + 1)
    // A slash that is encoded is part of a name, not a separator.
    return char === '/' ? other(target) : found(target)
  }
  const inner = path.slice(1)
  return [
    found(path),
    ...positions.map((index) => encodedAt(index, percent)),
    ...positions.map((index) => encodedAt(index, (char) => percent(char).toLowerCase())),
    ...positions.map((index) => other(encodedAt(index, (char) => percent(char).replace('%', '%25')).target)),
    found(`/${inner.replaceAll(/[^/]/g, percent)}`),
    found(`/${inner.replaceAll(/[^/]/g, (char) => percent(char).toLowerCase())}`),
    ...['?', '?a=b', '?a=/', '?a=%2F', '?query=%7Bme%7D', '?a?b', '#', '#a', '?#', '#?'].map((end) =>
      found(path + end),
    ),
    ...['/', '/?a=b'].map((end): Spelling => ({ target: path + end, found: path.endsWith('.json') ? 404 : 308 })),
    ...['//', '/.', '/..', '.', '%20', '%00', ';', ';a=b', '&', '%3F', '%3f', '%23', '.html', '%2F'].map((end) =>
      other(path + end),
    ),
    ...[`/${path}`, `/.${path}`, `/x/..${path}`, `/%2e${path}`, `/%2F${inner}`, `/%2f${inner}`, `*${path}`].map(other),
    ...[path.toUpperCase(), `/${inner.slice(0, 1).toUpperCase()}${inner.slice(1)}`, inner.replace('g', '/\u0047')].map(
      other,
    ),
    { target: `${path}%`, found: 400 },
    { target: `${path}%zz`, found: 400 },
    { target: `${path}%C3`, found: 400 },
  ]
}

function percent(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`
}
