import { sql, type RawBuilder } from 'kysely'
import {
  and,
  indexedFit,
  keyedFit,
  rowFit,
  searchedId,
  searchedRows,
  splitSearch,
  walkedFit,
  type Fit,
  type Search,
} from './conditions.js'

type Condition = RawBuilder<boolean>
type Sql = RawBuilder<unknown>

/** Some tiers of what a search finds, in the order in which they are read. */
export interface TiersWanted {
  readonly tiers: readonly Fit[]
  readonly limit: number
  /** where the first of the tiers is entered; null at its beginning */
  readonly afterId: string | null
  readonly isBackward: boolean
  /** what the rows of `s` must fulfil beside; null for all of them */
  readonly where: Condition | null
}

/**
 * What the index on the text finds of a tier is read whole up to this many rows. Of what has more, one in 1,250 of a million
 * records is one, and walking through the records in their order comes upon a page of them within 26,000 entries of an
 * index: 9 milliseconds. So no search reads much more than this, whatever the planner thinks of it.
 */
const FEW = 800
/** The same for all tiers together, which is a loss where they are more. */
const FEW_IN_ALL = 500
/** The same for what is found by addresses: they are looked up in three ways, at four pages each. */
const FEW_KEYS = 100
/** Ids that an index of addresses gives, 100 a page; they are looked up in their order until a page is full. */
const MANY_KEYS = 20_000
/** The same beside words that many have: of more ids, too many may be looked up in vain. */
const MANY_KEYS_BESIDE_WORDS = 2000

/**
 * The rows of some tiers as one SELECT of `tenant_id, id, tier`, in order. Mostly all tiers together are few: found by one
 * scan of an index, then told apart. Else each tier is found by itself, and asked only for what the earlier ones leave of
 * the page.
 */
export function tiersSql(search: Search, wanted: TiersWanted): Sql {
  const { tiers, limit, isBackward } = wanted
  const all = allTiers(search, wanted)
  const steps = tiers.flatMap((tier, index) => tierSteps(search, wanted, tier, index, all.isComplete))
  const direction = isBackward ? sql`desc` : sql`asc`
  const order = sql`order by tier ${direction}, id ${idDirection(isBackward)} limit ${sql.lit(limit)}`
  const parts = [
    all.rows,
    ...tiers.map((tier) => sql`select tenant_id, id, ${sql.lit(tier)} from ${sql.ref(`tier${tier}`)}`),
  ]
  return sql`with ${sql.join([...all.steps, ...steps])}
    select tenant_id, id, tier from (${sql.join(parts, sql` union all `)}) as page (tenant_id, id, tier) ${order}`
}

function idDirection(isBackward: boolean): Sql {
  return isBackward ? sql`asc` : sql`desc`
}

interface AllTiers {
  readonly steps: readonly Sql[]
  /** whether `rows` has everything; else nothing of it counts */
  readonly isComplete: Condition
  readonly rows: Sql
}

/** All tiers by one scan, where it finds few rows: of the index of addresses, or else of the one on the text. */
function allTiers(search: Search, { tiers, afterId, isBackward, where }: TiersWanted): AllTiers {
  const { texts, keys } = splitSearch(search)
  const steps: Sql[] = []
  const branches: Sql[] = []
  const conditions = where ? [where] : []
  const keyed = keyedFit(search, 3)
  const indexed = indexedFit(texts, 3)
  if (keyed) {
    steps.push(step('keys', sql`select id from (${keyed.ids}) as keys limit ${sql.lit(FEW_KEYS + 1)}`))
    const found = [isFew('keys', FEW_KEYS), isAmong(search, 'keys'), rowFit(keyed.rest, 3), ...conditions]
    branches.push(sql`select ${textColumns(search)} from ${searchedRows(search)} and ${and(found)}`)
  }
  if (indexed) {
    const due = keyed ? [sql<boolean>`not ${isFew('keys', FEW_KEYS)}`, indexed] : [indexed]
    steps.push(step('texts', fewTexts(search, due, FEW_IN_ALL)))
    const found = and([isFew('texts', FEW_IN_ALL), rowFit(keys, 3), ...conditions])
    branches.push(sql`select ${textColumns(search)} from ${sql.ref('texts')} as s where ${found}`)
  }
  const tier = sql`case when ${rowFit(search, 1)} then 1 when ${rowFit(search, 2)} then 2 else 3 end`
  steps.push(
    step(
      'found',
      sql`select s.tenant_id, ${searchedId(search)} as id, ${tier} as tier from (${sql.join(branches, sql` union all `)}) as s`,
    ),
  )
  // Where addresses give few, `texts` stays empty.
  const isComplete = indexed ? isFew('texts', FEW_IN_ALL) : isFew('keys', FEW_KEYS)
  const inTiers = sql`tier in (${sql.join(tiers.map((wanted) => sql.lit(wanted)))})`
  const beyond =
    afterId === null
      ? sql``
      : sql` and (tier <> ${sql.lit(tiers[0])} or id ${isBackward ? sql`>` : sql`<`} ${afterId}::uuid)`
  return {
    steps,
    isComplete,
    rows: sql`select tenant_id, id, tier from found where ${isComplete} and ${inTiers}${beyond}`,
  }
}

/** One tier by itself: each way is taken only where the one before it found too many. */
function tierSteps(search: Search, wanted: TiersWanted, tier: Fit, index: number, isComplete: Condition): Sql[] {
  const { tiers, limit, isBackward } = wanted
  const earlier = tiers.slice(0, index).map((other) => sql` - (select count(*) from ${sql.ref(`tier${other}`)})`)
  const left = sql`${sql.lit(limit)}${sql.join(earlier, sql``)}`
  const conditions = tierConditions(search, wanted, index)
  const direction = idDirection(isBackward)
  // A tier has no rows of the next better one, which has all that is better still.
  const only = (fit: FitOf): Condition => {
    const better = (tier - 1) as Fit
    const isRead = tiers[index - 1] === better
    const [own, others] = [byKeys(search, tier, fit), isRead ? byKeys(search, better, fit) : fit(search, better)]
    return tier === 1 ? own : and([own, sql`not ${others}`])
  }
  const [steps, branches]: [Sql[], Sql[]] = [[], []]
  const isDue = [sql<boolean>`not ${isComplete}`, ...(index === 0 ? [] : [sql<boolean>`${left} > 0`])]
  let due = isDue
  const keyed = keyedFit(search, tier)
  const ids = keysOf(tier)
  if (keyed) {
    steps.push(
      step(ids, sql`select id from (${keyed.ids}) as keys where ${and(isDue)} limit ${sql.lit(MANY_KEYS + 1)}`),
    )
  }
  const indexed = indexedFit(splitSearch(search).texts, tier)
  if (indexed) {
    const name = `texts${tier}`
    steps.push(step(name, fewTexts(search, [...due, indexed], FEW)))
    branches.push(sql`select ${columns(search)} from ${sql.ref(name)} as s
      where ${and([...due, isFew(name, FEW), only(rowFit), ...conditions])}`)
    due = [...due, sql`not ${isFew(name, FEW)}`]
  }
  if (keyed) {
    const few = isFew(ids, indexed ? MANY_KEYS_BESIDE_WORDS : MANY_KEYS)
    // One after another in their order, so no more are looked up than fill the page.
    branches.push(sql`select found.tenant_id, found.id
      from (select distinct id from ${sql.ref(ids)} where ${and([...due, few])} order by id ${direction} offset 0) as k
      cross join lateral (select ${columns(search)} from ${searchedRows(search)} and ${searchedId(search)} = k.id
        and ${and([only(rowFit), ...conditions])} limit 1) as found
      order by k.id ${direction} limit ${sql.lit(limit)}`)
    due = [...due, sql`not ${few}`]
  }
  branches.push(sql`select ${columns(search)} from ${searchedRows(search)}
    and ${and([...due, only(walkedFit), ...conditions])} order by id ${direction} limit ${sql.lit(limit)}`)
  const union = sql.join(
    branches.map((branch) => sql`(${branch})`),
    sql` union all `,
  )
  steps.push(
    step(`tier${tier}`, sql`select tenant_id, id from (${union}) as found order by id ${direction} limit ${left}`),
  )
  return steps
}

/** Whether a row fits a search so well or better, by whatever it is read from. */
type FitOf = (search: Search, fit: Fit) => Condition

function keysOf(tier: Fit): string {
  return `keys${tier}`
}

/**
 * Whether a row fits, by the ids of a tier that was read: they are at hand, unless they are too many. CASE keeps the planner
 * from starting with the ids, and from looking for an address where the words don't fit.
 */
function byKeys(search: Search, tier: Fit, fit: FitOf): Condition {
  const keyed = keyedFit(search, tier)
  if (!keyed) return fit(search, tier)
  const ids = keysOf(tier)
  return sql`case when ${fit(keyed.rest, tier)}
    then case when ${isFew(ids, MANY_KEYS)} then ${isAmong(search, ids)} else ${fit(keyed.own, tier)} end else false end`
}

/** Rows that the index on the text finds, one more than few at most, whatever else they must fulfil. */
function fewTexts(search: Search, conditions: readonly Condition[], few: number): Sql {
  return sql`select ${textColumns(search)} from ${searchedRows(search)} and ${and(conditions)} limit ${sql.lit(few + 1)}`
}

function step(name: string, select: Sql): Sql {
  return sql`${sql.ref(name)} as materialized (${select})`
}

function isFew(name: string, few: number): Condition {
  return sql`((select count(*) from ${sql.ref(name)}) <= ${sql.lit(few)})`
}

function isAmong(search: Search, name: string): Condition {
  return sql`${searchedId(search)} in (select id from ${sql.ref(name)})`
}

function columns(search: Search): Sql {
  return sql`s.tenant_id, ${searchedId(search)} as id`
}

function textColumns(search: Search): Sql {
  return sql`s.tenant_id, ${searchedId(search)}, s.text`
}

/** What else the rows of a tier must fulfil; the first one lies behind the pages before. */
function tierConditions(search: Search, { afterId, isBackward, where }: TiersWanted, index: number): Condition[] {
  const conditions: Condition[] = where ? [where] : []
  if (index === 0 && afterId !== null) {
    conditions.push(sql`${searchedId(search)} ${isBackward ? sql`>` : sql`<`} ${afterId}::uuid`)
  }
  return conditions
}

/** The records of the first three tiers as a SELECT of `tenant_id, id`: in no order, and each only once. */
export function exactSql(search: Search, where: Condition | null): Sql {
  const keyed = keyedFit(search, 3)
  const rest = keyed?.rest ?? search
  const ids = keyed ? [sql<boolean>`${searchedId(search)} in (${keyed.ids})`] : []
  const fits = indexedFit(rest, 3) ?? rowFit(rest, 3)
  return sql`select ${columns(search)} from ${searchedRows(search)} and ${and([...ids, fits, ...(where ? [where] : [])])}`
}
