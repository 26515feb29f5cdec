import { sql, type RawBuilder } from 'kysely'
import { MAX_HITS } from './hits.js'
import { direction, keyNames, nulls, type PageQuery } from './page-query.js'
import { rangeBranches } from './range-sql.js'
import type { Term } from './ranges.js'

type Sql = RawBuilder<unknown>

/**
 * The page as one SELECT of `tenant_id, id, k0, k1 …, range`, in order: a key for each term but the last, which is the id.
 *
 * Each range is a sub-select with an ORDER BY and a LIMIT of its own, which an index serves at any depth; a later one is
 * only asked for what the earlier ones left, so what isn't needed isn't read, and no sort sees more rows than the page.
 * @see docs/adr/0011-lists-are-ranges.md
 */
export function pageSql(query: PageQuery): Sql {
  const { terms, ranges, limit, offset } = query
  const most = limit + offset
  const parts = ranges
    .map((range) => filters(query).flatMap((filter) => rangeBranches({ ...query, filter, limit: most }, range)))
    .filter((branches) => branches.length > 0)
    .map((branches, index) => rangePart(terms, branches, index, most))
  const columns = sql.join([sql.ref('tenant_id'), sql.ref('id'), ...keyNames(terms).map((name) => sql.ref(name))])
  // What is skipped isn't returned, and must be the tenant's own all the same: a window sees it before OFFSET does.
  const skip = offset > 0 ? sql` offset ${sql.lit(offset)}` : sql``
  const skipped =
    offset > 0 ? sql`, count(*) filter (where tenant_id <> app_tenant()) over ()::int as foreign_rows` : sql``
  const [only] = parts
  if (!only) throw new Error('a page has a range')
  const hits = query.hits ? [sql`hits as materialized (${query.hits})`] : []
  if (parts.length === 1) {
    const start = query.hits ? sql`with ${sql.join(hits)} ` : sql``
    return sql`${start}select ${columns}, 0 as range${skipped} from ${only.rows} as page${skip}`
  }
  const steps = parts.map(
    ({ rows, name }, index) =>
      sql`${sql.ref(name)} as materialized (select ${columns} from ${rows} as ${sql.ref(`${name}_rows`)}${left(parts, index, most)})`,
  )
  const union = parts.map(({ name }, index) => sql`select ${columns}, ${sql.lit(index)} as range from ${sql.ref(name)}`)
  return sql`with ${sql.join([...hits, ...steps])} select ${columns}, range${skipped} from (${sql.join(union, sql` union all `)}) as page
    order by ${sql.join([sql.ref('range'), ...keyOrder(terms)])}${skip}`
}

/** The filter, or the two ways to apply it, of which one runs: few hits are ordered, of many the order's index meets some. */
function filters({ filter, hits }: PageQuery): (RawBuilder<boolean> | null)[] {
  if (!hits || !filter) return [filter]
  const found = sql`(select count(*) from hits)`
  const most = sql.lit(MAX_HITS)
  return [
    sql<boolean>`${found} <= ${most} and c.id in (select id from hits)`,
    sql<boolean>`${found} > ${most} and ${filter}`,
  ]
}

interface Part {
  readonly name: string
  readonly rows: Sql
}

function rangePart(terms: readonly Term[], branches: readonly Sql[], index: number, most: number): Part {
  const name = `r${index}`
  const [only] = branches
  if (branches.length === 1 && only) return { name, rows: sql`(${only})` }
  const union = sql.join(
    branches.map((branch) => sql`(${branch})`),
    sql` union all `,
  )
  const order = sql.join(keyOrder(terms))
  return {
    name,
    rows: sql`(select * from (${union}) as ${sql.ref(`${name}_union`)} order by ${order} limit ${sql.lit(most)})`,
  }
}

/** The LIMIT that leaves out what earlier ranges found already. At 0 the range isn't run at all. */
function left(parts: readonly Part[], index: number, most: number): Sql {
  if (index === 0) return sql``
  const found = parts.slice(0, index).map(({ name }) => sql`(select count(*) from ${sql.ref(name)})`)
  return sql` limit ${sql.lit(most)} - ${sql.join(found, sql` - `)}`
}

/** ORDER BY over the keys that a page carries, for sorting pieces together. */
function keyOrder(terms: readonly Term[]): Sql[] {
  return terms.map((term, index) => {
    const isLast = index === terms.length - 1
    const name = sql.ref(isLast ? 'id' : `k${index}`)
    const isText = term.kind === 'step' && term.step.field.folded !== undefined && !isLast
    const collation = isText ? sql` collate "C"` : sql``
    return sql`${name}${collation} ${direction(term)}${nulls(term)}`
  })
}
