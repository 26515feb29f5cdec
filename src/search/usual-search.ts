import { compileSql, type CompiledSql, type Sql } from '../lib/sql.js'
import type { RanksWanted } from './ranks.js'
import { SEARCHED, type Search } from './searched-rows.js'
import { isTextTerm } from './text-conditions.js'
import type { WordTerm } from './terms.js'
import { otherWritings } from './writings.js'

const USUAL_WORDS = 3
// By type, ranks, and the number and kinds of words there are some fifty.
const MAX_TEXTS = 256

/** Where a value comes from: the number of a word, else what it is called. */
type Source = number | 'tenant' | 'limit'

interface KnownText {
  readonly text: string
  readonly sources: readonly Source[]
}

const texts = new Map<string, KnownText>()

/**
 * Whether a search is of a kind whose plan is worth keeping: the first page, in the search's own order, of one to three
 * words or a phone number. With all that people can type beside, and with each filter, the kinds would be without end.
 */
export function isUsual({ terms }: Search, { afterId, isBackward, where }: RanksWanted): boolean {
  if (afterId !== null || isBackward || where !== null) return false
  return terms.length <= USUAL_WORDS && terms.every(isTextTerm)
}

/**
 * The SQL of a usual search for plain words, which differs in its values alone: it is written once for `anna` and `bob`, and once
 * more for `anna smith`. Writing it took 60 µs. Of all others `write` is asked each time.
 */
export function usualSql(search: Search, wanted: RanksWanted, write: () => Sql): CompiledSql {
  const { tenantId, access } = search.scope
  // A rule on rows is a part of the text.
  const hasRule = access.rows(SEARCHED[search.type].concept, 's') !== null
  const words = hasRule || !isUsual(search, wanted) ? undefined : plainWords(search)
  if (!words) return compileSql(write())
  const shape = [search.type, wanted.ranks.join(), ...words.map(({ isShort }) => isShort)].join(' ')
  const known = texts.get(shape)
  const valueOf = (source: Source): unknown =>
    source === 'tenant' ? tenantId : source === 'limit' ? wanted.limit : words[source]?.text
  if (known) return { text: known.text, values: known.sources.map(valueOf) }
  const written = compileSql(write())
  const all: readonly Source[] = ['tenant', 'limit', ...words.keys()]
  const sources = written.values.flatMap((value) => all.find((source) => valueOf(source) === value) ?? [])
  if (texts.size < MAX_TEXTS && sources.length === written.values.length)
    texts.set(shape, { text: written.text, sources })
  return written
}

/** The words of a search of nothing else, which can be told apart and are written in one way; else undefined. */
function plainWords({ scope, terms }: Search): readonly WordTerm[] | undefined {
  const words = terms.filter((term): term is WordTerm => term.kind === 'word')
  const isPlain = words.every(({ text }) => {
    const { same, likely } = otherWritings(text)
    return same.length + likely.length === 0 && text !== scope.tenantId
  })
  const areAll = words.length === terms.length && new Set(words.map(({ text }) => text)).size === words.length
  return isPlain && areAll ? words : undefined
}
