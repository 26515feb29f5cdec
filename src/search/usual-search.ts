import { createKeptTexts } from '../lib/kept-texts.js'
import { compileSql, type CompiledSql, type Sql } from '../lib/sql.js'
import type { RanksWanted } from './ranks.js'
import { SEARCHED, type Search } from './searched-rows.js'
import { isTextTerm } from './text-conditions.js'
import type { WordTerm } from './terms.js'
import { otherWritings } from './writings.js'

const USUAL_WORDS = 3

// By type, ranks, and the number and kinds of words there are some fifty.
const compile = createKeptTexts()

/**
 * Whether a search is of a kind whose plan is worth keeping: the first page, in the search's own order, of one to three
 * words or a phone number. With all that people can type beside, and with each filter, the kinds would be without end.
 */
export function isUsual({ terms }: Search, { afterId, isBackward, where }: RanksWanted): boolean {
  if (afterId !== null || isBackward || where !== null) return false
  return terms.length <= USUAL_WORDS && terms.every(isTextTerm)
}

/**
 * The SQL of a usual search. That for plain words differs in its values alone: it is written once for `anna` and `bob`, and once
 * more for `anna smith`. Writing it took 60 µs. Of all others `write` is asked each time.
 */
export function usualSql(search: Search, { ranks, limit }: RanksWanted, write: () => Sql): CompiledSql {
  const { tenantId, access } = search.scope
  // A rule on rows is a part of the text.
  const hasRule = access.rows(SEARCHED[search.type].concept, 's') !== null
  const words = hasRule ? undefined : plainWords(search)
  if (!words) return compileSql(write())
  const shape = [search.type, ranks.join(), ...words.map(({ isShort }) => isShort)].join(' ')
  return compile(shape, [tenantId, limit, ...words.map(({ text }) => text)], () => compileSql(write()))
}

/** The words of a search of nothing else, none of which stands twice or is written otherwise too; else undefined. */
function plainWords({ terms }: Search): readonly WordTerm[] | undefined {
  const words = terms.filter((term): term is WordTerm => term.kind === 'word')
  const isPlain = words.every(({ text }) => {
    const { same, likely } = otherWritings(text)
    return same.length + likely.length === 0
  })
  const areAll = words.length === terms.length && new Set(words.map(({ text }) => text)).size === words.length
  return isPlain && areAll ? words : undefined
}
