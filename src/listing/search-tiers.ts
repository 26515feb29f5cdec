import { sql, type RawBuilder } from 'kysely'
import {
  and,
  indexedFit,
  keyedFit,
  rowFit,
  searchedId,
  searchedRows,
  type Fit,
  type Search,
} from './search-conditions.js'

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
 * What an index finds is read whole and sorted up to this many rows. Of more, every hundredth or so of a large tenant's
 * records is one, and walking through the records in their order comes upon a page of them soon. Reading more than twice
 * as much as the better of both ways is so ruled out, whatever the planner thinks.
 */
const FEW = 2000

/**
 * The rows of some tiers as one SELECT of `tenant_id, id, tier`, in order. A tier is asked only for what the earlier ones
 * leave of the page, and each of its ways only where the one before it found too many: the index of addresses, the index
 * of texts, the walk.
 */
export function tiersSql(search: Search, wanted: TiersWanted): Sql {
  const { tiers, limit, isBackward } = wanted
  const steps = tiers.flatMap((tier, index) => tierSteps(search, wanted, tier, index))
  const parts = tiers.map((tier) => sql`select tenant_id, id, ${sql.lit(tier)} as tier from ${sql.ref(`tier${tier}`)}`)
  const direction = isBackward ? sql`desc` : sql`asc`
  return sql`with ${sql.join(steps)} select tenant_id, id, tier from (${sql.join(parts, sql` union all `)}) as page
    order by tier ${direction}, ${idOrder(isBackward)} limit ${sql.lit(limit)}`
}

function idOrder(isBackward: boolean): Sql {
  return isBackward ? sql`id asc` : sql`id desc`
}

function tierSteps(search: Search, wanted: TiersWanted, tier: Fit, index: number): Sql[] {
  const { tiers, limit, isBackward } = wanted
  const found = tiers.slice(0, index).map((other) => sql` - (select count(*) from ${sql.ref(`tier${other}`)})`)
  const left = sql`${sql.lit(limit)}${sql.join(found, sql``)}`
  const conditions = tierConditions(search, wanted, tier, index)
  const [steps, branches]: [Sql[], Sql[]] = [[], []]
  // Each way runs while nothing before it found few enough.
  let due: Condition = index === 0 ? sql`true` : sql`${left} > 0`
  const keyed = keyedFit(search, tier)
  if (keyed) {
    const name = `keyed${tier}`
    steps.push(step(name, sql`select id from (${keyed.ids}) as keys where ${due} limit ${sql.lit(FEW + 1)}`))
    const ids = sql<boolean>`${searchedId(search)} in (select id from ${sql.ref(name)})`
    branches.push(
      sql`select ${columns(search)} from ${searchedRows(search)} and ${and([due, isFew(name), ids, rowFit(keyed.rest, tier), ...conditions])}`,
    )
    due = sql`${due} and not ${isFew(name)}`
  }
  const indexed = indexedFit(search, tier)
  if (indexed) {
    const name = `few${tier}`
    steps.push(
      step(
        name,
        sql`select ${columns(search)} from ${searchedRows(search)} and ${and([due, indexed, ...conditions])} limit ${sql.lit(FEW + 1)}`,
      ),
    )
    branches.push(sql`select tenant_id, id from ${sql.ref(name)} where ${due} and ${isFew(name)}`)
    due = sql`${due} and not ${isFew(name)}`
  }
  branches.push(sql`select ${columns(search)} from ${searchedRows(search)} and ${and([due, rowFit(search, tier), ...conditions])}
    order by ${idOrder(isBackward)} limit ${sql.lit(limit)}`)
  const union = sql.join(
    branches.map((branch) => sql`(${branch})`),
    sql` union all `,
  )
  steps.push(
    step(
      `tier${tier}`,
      sql`select tenant_id, id from (${union}) as found order by ${idOrder(isBackward)} limit ${left}`,
    ),
  )
  return steps
}

function step(name: string, select: Sql): Sql {
  return sql`${sql.ref(name)} as materialized (${select})`
}

function isFew(name: string): Condition {
  return sql`(select count(*) from ${sql.ref(name)}) <= ${sql.lit(FEW)}`
}

function columns(search: Search): Sql {
  return sql`s.tenant_id, ${searchedId(search)} as id`
}

/** What keeps a tier apart from the next better one, which has all that is better still, and from the pages before. */
function tierConditions(
  search: Search,
  { afterId, isBackward, where }: TiersWanted,
  tier: Fit,
  index: number,
): Condition[] {
  const conditions: Condition[] = where ? [where] : []
  if (tier > 1) conditions.push(sql`not ${rowFit(search, (tier - 1) as Fit)}`)
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
  return sql`select ${columns(search)} from ${searchedRows(search)}
    and ${and([...ids, fits, ...(where ? [where] : [])])}`
}
