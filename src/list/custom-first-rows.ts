import type { Scope } from '../access/scope.js'
import { CUSTOM_VALUES } from '../concepts/custom-fields.js'
import { sql, type Sql } from '../lib/sql.js'
import { keyNode } from './custom-parts.js'
import { filterSql, isTextField, toldByKey } from './filter-sql.js'
import type { CustomFieldNode, FilterNode } from './filter-node.js'
import type { ChunkName, FirstRowsAtOnce, HitsOfChunk } from './found-first.js'

/** A condition that a record's value of a field must fulfil. */
export type ValueNode = CustomFieldNode & { readonly node: FilterNode }

/** How the first rows of an order are held against a condition on values at once. */
export interface TriedCondition extends Pick<FirstRowsAtOnce, 'among'> {
  /** how many rows are tried before anything else is read, one chunk after the other */
  readonly sizes: readonly number[]
  /** and how many where more records match than a set holds */
  readonly laterSizes: readonly number[]
}

/** Where each value is looked up: 40 buffers for 700 that lie side by side, as those of records made one after the other do; 720 else. */
const SIZES = [130, 700, 3000]
/**
 * Where the index of texts by record says it: 1,000 take 30 buffers and a millisecond, 7,000 150 and 5. They have a page of 50
 * where 5 or 0.7 % of the rows match, the later ones where 0.13 % do.
 */
const SIZES_OF_INDEX = [1000, 7000]
const LATER_SIZES_OF_INDEX = [40_000]

/** How a condition is held against many rows, by the index of texts by record where that tells it. */
export function triedCondition(scope: Scope, custom: ValueNode): TriedCondition {
  const ofKey = keyNode(custom)
  if (!ofKey) {
    const of = valuesThat(scope, custom, [custom.node])
    const among = ({ name }: ChunkName) => ({
      steps: [],
      ids: sql`${of} and v.entity_id = any(array(select id from ${name}))`,
      isWhole: sql<boolean>`true`,
    })
    return { sizes: [], laterSizes: SIZES, among }
  }
  const among = (chunk: ChunkName) => amongSpan(scope, custom, ofKey, chunk)
  return { sizes: SIZES_OF_INDEX, laterSizes: LATER_SIZES_OF_INDEX, among }
}

/**
 * The texts from the first id of a chunk to its last, as the ids of records that are made one after the other follow each other:
 *
 *     span_1000 as materialized (select … where v.entity_id between <first> and <last> limit 2000)
 *
 * Of ids that don't, there are more of other records than of the chunk: then not all are there. To ask for each id of the
 * chunk would go down in the index once for each before PostgreSQL 17: 29,000 buffers for 7,000.
 */
function amongSpan(scope: Scope, custom: ValueNode, ofKey: FilterNode, { name, rows }: ChunkName): HitsOfChunk {
  const span = sql.ref(`span_${rows}`)
  const end = (direction: 'asc' | 'desc'): Sql =>
    sql`(select id from ${name} order by id ${sql.raw(direction)} limit 1)`
  const most = sql.lit(2 * rows)
  return {
    steps: [
      sql`${span} as materialized (select v.entity_id, v.text_value_key from ${sql.table(CUSTOM_VALUES.table)} as v
        where v.tenant_id = ${scope.tenantId} and v.definition_id = ${custom.field.id}::uuid and v.text_value_key is not null
          and v.entity_id between ${end('asc')} and ${end('desc')} limit ${most})`,
    ],
    ids: sql`select v.entity_id as id from ${span} as v where ${toldByKey(scope, ofKey, custom, 'v')}`,
    isWhole: sql`(select count(*) from ${span}) < ${most}`,
  }
}

/** A sample of so many texts of a field takes 45 buffers and a millisecond. */
const SAMPLE_SIZE = 4000
/** Of a part that so many of them have, a page of 50 is found among 640 rows of any order. */
const MIN_COMMON = 320

/**
 * A SELECT of whether a part of a text is common, as `is_common`: whether 8 % of the newest records have it, where there
 * are 4,000 with a text. Null where the index of texts by record doesn't tell it.
 */
export function commonSample(scope: Scope, custom: ValueNode): Sql | null {
  const ofKey = keyNode(custom)
  if (!ofKey) return null
  return sql`select count(*) >= ${sql.lit(SAMPLE_SIZE)} and count(*) filter (where ${filterSql(scope, ofKey, 'v')}) >= ${sql.lit(MIN_COMMON)} as is_common
    from (select v.text_value_key from ${sql.table(CUSTOM_VALUES.table)} as v
      where v.tenant_id = ${scope.tenantId} and v.definition_id = ${custom.field.id}::uuid and v.text_value_key is not null
      order by v.entity_id desc limit ${sql.lit(SAMPLE_SIZE)}) as v`
}

/** A SELECT of the records, as `id`, whose value of a field fulfils some tests. */
export function valuesThat(scope: Scope, { field }: CustomFieldNode, tests: readonly FilterNode[]): Sql {
  const conditions = tests.map((test) => filterSql(scope, test, 'v'))
  const isText = isTextField(field) ? sql` and v.text_value is not null` : sql``
  return sql`select v.entity_id as id from ${sql.table(CUSTOM_VALUES.table)} as v where v.tenant_id = ${scope.tenantId}
    and v.definition_id = ${field.id}::uuid${isText} and ${sql.join(conditions, sql` and `)}`
}
