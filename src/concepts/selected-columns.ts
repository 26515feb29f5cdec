import type { Column, Columns } from './columns.js'

/**
 * The fields of each concept that a request selects anywhere, by the concept's name; null while that isn't known, which
 * means all of them.
 */
export type SelectedFields = (concept: string) => ReadonlySet<string> | null

type Group = 'texts' | 'long texts' | 'moments' | 'others'

// Resolvers read them for other fields than their own: links, `e164`, and whether a row is deleted and whose it is.
const NEEDED_NAMES = new Set(['version', 'deletedAt', 'entityType'])
const NEEDED_KINDS = new Set<Column['kind']>(['id', 'phone'])

const variants = new WeakMap<Columns, Map<string, Columns>>()

/**
 * The columns of a concept that are read for some fields: those that every row needs, and each group of which a field is
 * selected. Groups, and not the columns alone, so that a concept has sixteen statements at most:
 *
 * | group      | columns of a contact                                                                     |
 * | ---------- | ---------------------------------------------------------------------------------------- |
 * | needed     | id, companyId, ownerId, version, deletedAt                                               |
 * | texts      | firstName, middleName, lastName, fullName, jobTitle, department, externalId              |
 * | long texts | notes                                                                                    |
 * | moments    | createdAt, updatedAt, birthDate                                                          |
 * | others     | emailOptIn, smsOptIn, callOptIn                                                          |
 *
 * Of a page of 50 contacts with four relations it spares a third of the CPU for its rows.
 */
export function selectedColumns<Table extends Columns>(columns: Table, fields: ReadonlySet<string> | null): Table {
  if (fields === null) return columns
  const groups = new Set<Group>()
  for (const [name, column] of Object.entries(columns)) {
    const group = groupOf(name, column)
    if (group !== null && fields.has(name)) groups.add(group)
  }
  const ofTable = variants.get(columns) ?? new Map<string, Columns>()
  variants.set(columns, ofTable)
  const key = [...groups].sort().join()
  const known = ofTable.get(key)
  if (known) return known as Table
  const selected = Object.fromEntries(
    Object.entries(columns).filter(([name, column]) => {
      const group = groupOf(name, column)
      return group === null || groups.has(group)
    }),
  )
  ofTable.set(key, selected)
  return selected as Table
}

/** The group of a column; null where it is always read. */
function groupOf(name: string, { kind, isOrderless }: Column): Group | null {
  if (NEEDED_KINDS.has(kind) || NEEDED_NAMES.has(name)) return null
  switch (kind) {
    case 'text':
      return isOrderless ? 'long texts' : 'texts'
    case 'domain':
      return 'texts'
    case 'date':
    case 'datetime':
      return 'moments'
    default:
      return 'others'
  }
}
