const MAX_LENGTH = 4000

// In this order, at each place of a text: what may hold anything stands before what is looked for.
const TOKENS = new RegExp(
  [
    /(?<comment>--[^\n]*|\/\*[\s\S]*?\*\/)/,
    /(?<text>\b[eE]'(?:[^'\\]|\\[\s\S]|'')*'|(?:\b[uU]&)?'(?:[^']|'')*'|(?<quote>\$(?:[a-zA-Z_]\w*)?\$)[\s\S]*?\k<quote>)/,
    /(?<name>"(?:[^"]|"")*")/,
    /(?<list>\(\s*\$\d+(?:\s*,\s*\$\d+)+\s*\))/,
    /(?<parameter>\$\d+)/,
    /(?<word>[a-zA-Z_][\w$]*)/,
    /(?<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)/,
    /(?<space>\s+)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
)

/**
 * A statement's text as it may be kept and shown: without comments, with `?` for each constant, and one space where there
 * is any; 4,000 characters at most. Parameters are `$1` already; a list of them is shortened.
 *
 * `select id from t -- why\n where a = 'x' and b in ($1, $2) limit 5` becomes
 * `select id from t where a = ? and b in ($1, …) limit ?`
 */
export function normalizeSql(text: string): string {
  // What would be cut off isn't worth the time.
  const whole = text.slice(0, 4 * MAX_LENGTH).replaceAll(TOKENS, (token, ...rest) => {
    const groups = rest.at(-1) as Record<string, string | undefined>
    if (groups['comment'] !== undefined || groups['space'] !== undefined) return ' '
    if (groups['text'] !== undefined || groups['number'] !== undefined) return '?'
    if (groups['list'] !== undefined) return `(${/\$\d+/.exec(token)?.[0] ?? ''}, …)`
    return token
  })
  const normal = whole.replaceAll(/ {2,}/g, ' ').trim()
  return normal.length > MAX_LENGTH ? `${normal.slice(0, MAX_LENGTH - 1)}…` : normal
}
