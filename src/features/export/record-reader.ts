import type { Scope } from '../../access/scope.js'
import type { Columns } from '../../concepts/columns.js'
import type { ConceptFields } from '../../concepts/concept-fields.js'
import type { Row, Statement } from '../../database/statement.js'
import { findRowsByIds, findRowsByLinks } from '../../list/rows-by-ids.js'
import { groupByKey } from '../../lib/batch.js'
import type { RecordKind } from '../../records/record-kind.js'
import { contactInfoOfOwners } from '../contact-info/owned-contact-info.service.js'
import type { ContactInfoKind, EntityType } from '../contact-info/contact-info.columns.js'
import { customValuesOfOwners, type OwnedValue } from '../custom-field/owned-values.service.js'
import type { ExportedRecord, ExportNeeds } from './exported-record.js'

/** Reads records with what belongs to them: a fixed number of statements, however many records. */
export interface RecordReader {
  readonly statements: (ids: readonly string[]) => Statement[]
  /** The records of some ids in their order, from the rows of those statements. What isn't there any more is left out. */
  readonly records: (ids: readonly string[], answers: readonly Row[][]) => ExportedRecord[]
}

interface Relation {
  readonly name: string
  readonly to: ConceptFields
  readonly columns: Columns
  /** the field of the record that names it, and its column */
  readonly link: string
  readonly column: string
}

/** A reader of the records of a type, with all that an export needs of them. */
export function recordReader(scope: Scope, kind: RecordKind, needs: ExportNeeds): RecordReader {
  const type = kind.type as EntityType
  const relations = [...needs.related].map(([name, fields]) => relationOf(scope, kind, name, fields))
  const links = new Set(relations.map(({ link }) => link))
  const columns = pick(kind.columns, (name) => needs.fields.has(name) || links.has(name))
  const info = [...needs.info]
  const definitionIds = [...needs.values]
  return {
    statements: (ids) => [
      findRowsByIds(scope, kind.concept, columns, ids),
      ...relations.map((relation) =>
        findRowsByLinks(scope, relation.to, relation.columns, [{ from: kind.concept, column: relation.column }], ids),
      ),
      ...info.map(([each, fields]) => contactInfoOfOwners(scope, each, type, ids, fields)),
      ...(definitionIds.length > 0 ? [customValuesOfOwners(scope, type, ids, definitionIds)] : []),
    ],
    records(ids, [rows = [], ...others]) {
      const byId = new Map(rows.map((row) => [row['id'], row]))
      const related = relations.map((relation, index) => ({ ...relation, byId: liveRows(others[index] ?? []) }))
      const owned = info.map(
        ([each], index) =>
          [each, groupByKey(others[relations.length + index] ?? [], ({ entityId }) => entityId as string)] as const,
      )
      const values =
        definitionIds.length > 0 ? valuesByOwner((others.at(-1) ?? []) as unknown as OwnedValue[]) : NO_VALUES
      return ids.flatMap((id): ExportedRecord[] => {
        const row = byId.get(id)
        if (!row) return []
        const ofInfo: Partial<Record<ContactInfoKind, readonly Row[]>> = {}
        for (const [each, byRecord] of owned) ofInfo[each] = byRecord.get(id) ?? NO_ROWS
        const ofRelated: Record<string, Row | undefined> = {}
        for (const { name, link, byId: known } of related) ofRelated[name] = known.get(row[link])
        return [{ row, related: ofRelated, info: ofInfo, values: values.get(id) ?? NO_RECORD_VALUES }]
      })
    },
  }
}

const NO_ROWS: readonly Row[] = []
const NO_RECORD_VALUES: ReadonlyMap<string, OwnedValue> = new Map()
const NO_VALUES: ReadonlyMap<string, ReadonlyMap<string, OwnedValue>> = new Map()

function relationOf(scope: Scope, kind: RecordKind, name: string, fields: ReadonlySet<string>): Relation {
  const relation = kind.concept.relations[name]
  const link = Object.entries(kind.columns).find(
    ([, { column }]) => relation?.kind === 'one' && column === relation.column,
  )?.[0]
  if (relation?.kind !== 'one' || link === undefined) throw new Error(`no relation ${name} of ${kind.concept.name}`)
  const to = scope.registry.concept(relation.to)
  const columns = pick(to.fields, (field) => field === 'id' || field === 'deletedAt' || fields.has(field))
  return { name, to, columns, link, column: relation.column }
}

function pick(columns: Columns, isWanted: (name: string) => boolean): Columns {
  return Object.fromEntries(Object.entries(columns).filter(([name]) => isWanted(name)))
}

/** Rows that records name, by their ids, without deleted ones: a relation to such is as none. */
function liveRows(rows: readonly Row[]): ReadonlyMap<unknown, Row> {
  return new Map(rows.flatMap((row) => ((row['deletedAt'] ?? null) === null ? [[row['id'], row]] : [])))
}

function valuesByOwner(rows: readonly OwnedValue[]): ReadonlyMap<string, ReadonlyMap<string, OwnedValue>> {
  const owned = new Map<string, Map<string, OwnedValue>>()
  for (const row of rows) {
    const known = owned.get(row.entityId) ?? new Map<string, OwnedValue>()
    owned.set(row.entityId, known.set(row.definitionId, row))
  }
  return owned
}
