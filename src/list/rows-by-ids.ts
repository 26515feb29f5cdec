import { sql } from '../lib/sql.js'
import { rowCondition } from '../access/row-condition.js'
import type { Scope } from '../access/scope.js'
import { selectList, type Columns } from '../concepts/columns.js'
import type { ConceptFields } from '../concepts/concept-fields.js'
import { selectedColumns, type SelectedFields } from '../concepts/selected-columns.js'
import { preparedStatement } from '../database/sql.js'
import type { Statement } from '../database/statement.js'
import type { TickFlight } from '../database/tick-flight.js'
import { capitalized } from '../lib/capitalized.js'
import { oneByKey } from '../lib/batch.js'
import { Loader } from '../lib/loader.js'

/** Rows of a concept by their ids, deleted ones too; its label is `findContactsByIds` where the list is `contacts`. */
export function findRowsByIds(
  scope: Scope,
  { name, list, table }: ConceptFields,
  columns: Columns,
  ids: readonly string[],
): Statement {
  return preparedStatement(
    `find${capitalized(list)}ByIds`,
    sql`select ${selectList(columns, 't')} from ${sql.table(table)} as t
      where t.tenant_id = ${scope.tenantId} and t.id = any(${ids}::uuid[]) and ${rowCondition(scope, name, 't')}`,
  )
}

/** Whose rows name other rows: contacts by `company_id`. */
export interface Link {
  readonly from: ConceptFields
  readonly column: string
}

/**
 * The rows that some others name, deleted ones too. With two links those others are named themselves: of contacts the
 * companies, of these the industries, which `findIndustriesOfCompaniesOfContacts` reads by the contacts' ids.
 */
export function findRowsByLinks(
  scope: Scope,
  { name, list, table }: ConceptFields,
  columns: Columns,
  links: readonly Link[],
  ids: readonly string[],
): Statement {
  const named = links.reduce(
    (known, { from, column }) => sql`array(select ${sql.ref(`l.${column}`)} from ${sql.table(from.table)} as l
      where l.tenant_id = ${scope.tenantId} and l.id = any(${known}) and ${rowCondition(scope, from.name, 'l')})`,
    sql`${ids}::uuid[]`,
  )
  const lists = [list, ...links.map(({ from }) => from.list).toReversed()]
  return preparedStatement(
    `find${lists.map(capitalized).join('Of')}`,
    sql`select ${selectList(columns, 't')} from ${sql.table(table)} as t
      where t.tenant_id = ${scope.tenantId} and t.id = any(${named}) and ${rowCondition(scope, name, 't')}`,
  )
}

/** Rows of a concept by id, for one request. */
export class RowLoader<Row extends { readonly id: string }> extends Loader<string, Row | null> {
  /** the name of the concept */
  readonly concept: string
  readonly #readByLinks: (links: readonly Link[], ids: readonly string[]) => Promise<readonly Row[]>

  constructor(
    concept: string,
    read: (ids: readonly string[]) => Promise<readonly (Row | null)[]>,
    readByLinks: (links: readonly Link[], ids: readonly string[]) => Promise<readonly Row[]>,
    flight: TickFlight,
  ) {
    super(read, { batchScheduleFn: flight.schedule })
    this.concept = concept
    this.#readByLinks = readByLinks
  }

  /** Reads the rows that others name, which needn't be known yet: in one flight with those others. @see findRowsByLinks */
  async loadLinked(links: readonly Link[], ids: readonly string[]): Promise<void> {
    for (const row of await this.#readByLinks(links, ids)) this.keep(row.id, row)
  }
}

/**
 * The loader of a concept's rows by id for one request, deleted ones too: one statement for all ids of a tick, with the
 * columns that the request needs.
 */
export function rowByIdLoader<Row extends { readonly id: string }>(
  scope: Scope,
  flight: TickFlight,
  concept: ConceptFields,
  columns: Columns,
  selected: SelectedFields,
): RowLoader<Row> {
  const read = () => selectedColumns(columns, selected(concept.name))
  return new RowLoader(
    concept.name,
    async (ids) => oneByKey(ids, await flight.read<Row>(findRowsByIds(scope, concept, read(), ids)), ({ id }) => id),
    (links, ids) => flight.read<Row>(findRowsByLinks(scope, concept, read(), links, ids)),
    flight,
  )
}
