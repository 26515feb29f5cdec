import { operatorHolds, toOrderKey, type Days, type OrderKey } from './model-values.js'
import { filterFields, orderFields, type FilterField, type ListedName, type RecordName } from './schema.js'

/** A value of a row as the API's filters name it; moments in ISO 8601, decimals as text, phone numbers in E.164. */
export type Value = string | number | boolean | null
export type Row = Readonly<Record<string, Value>>

/** The records of a tenant, deleted ones too, and the circumstances under which its lists are read. */
export interface DataSet {
  readonly now: Date
  /** time zone of the tenant */
  readonly zone: string | null
  readonly rows: Readonly<Record<RecordName, readonly Row[]>>
}

/** The user who reads a data set: its first; null for a program, where it has no users. */
export function readerOf({ rows }: Pick<DataSet, 'rows'>): string | null {
  const id = rows.User[0]?.['id']
  return typeof id === 'string' ? id : null
}

export type Filter = Readonly<Record<string, unknown>>

/** A step of an order as clients write it. */
export interface Step {
  readonly field: string
  readonly direction?: 'ASC' | 'DESC'
  readonly nulls?: 'FIRST' | 'LAST'
}

/** Which list, and what clients say of it. */
export interface ListWanted {
  readonly record: ListedName
  readonly filter?: Filter | null
  readonly orderBy?: readonly Step[] | null
  /** the company whose contacts are wanted; null for the root list */
  readonly companyId?: string | null
}

/** A row's place in a list: what it is compared by, in the list's order. */
export type Place = readonly { readonly key: OrderKey; readonly isDescending: boolean; readonly nullsFirst: boolean }[]

/** What lists are: a filter, a sort and nothing else, over plain rows. */
export interface Model {
  /** the rows of a list, in its order */
  list(wanted: ListWanted): readonly Row[]
  /** where a row stands in a list; it need not be in it */
  place(wanted: ListWanted, row: Row): Place
}

/** The model of a data set. `fold` is the database's own folding of text. */
export function createModel({ rows, now, zone }: DataSet, fold: (text: string) => string): Model {
  const world: World = {
    rows: { ...rows, Company: rows.Company.map(withOwner) },
    fold,
    days: { now, zone },
    related: new Map(),
  }
  return {
    list(wanted) {
      const places = world.rows[wanted.record]
        .filter((row) => isListed(world, wanted, row))
        .map((row) => ({ row, place: placeOf(world, wanted, row) }))
      return places.sort((a, b) => comparePlaces(a.place, b.place)).map(({ row }) => row)
    },
    place: (wanted, row) => placeOf(world, wanted, wanted.record === 'Company' ? withOwner(row) : row),
  }
}

/** A company's link to its owner has two names. */
function withOwner(company: Row): Row {
  return { ...company, ownerId: company['assignedToId'] ?? null }
}

/** Below 0 when `a` stands before `b` in their list. */
export function comparePlaces(a: Place, b: Place): number {
  for (const [index, { key, isDescending, nullsFirst }] of a.entries()) {
    const other = b[index]?.key ?? null
    if (key === null || other === null) {
      if (key === other) continue
      return (key === null) === nullsFirst ? -1 : 1
    }
    const order = compareKeys(key, other)
    if (order !== 0) return isDescending ? -order : order
  }
  return 0
}

interface World {
  readonly rows: DataSet['rows']
  readonly fold: (text: string) => string
  readonly days: Days
  /** rows by what relates them, found once */
  readonly related: Map<string, ReadonlyMap<Value, readonly Row[]>>
}

function isListed(world: World, { record, filter, companyId }: ListWanted, row: Row): boolean {
  if (!isLive(row) || (companyId && row['companyId'] !== companyId)) return false
  return !filter || holds(world, record, filter, row)
}

function isLive(row: Row): boolean {
  return (row['deletedAt'] ?? null) === null
}

function holds(world: World, record: RecordName, filter: Filter, row: Row): boolean {
  return Object.entries(filter).every(([name, value]) => {
    if (name === 'and') return (value as Filter[]).every((part) => holds(world, record, part, row))
    if (name === 'or') return (value as Filter[]).some((part) => holds(world, record, part, row))
    if (name === 'not') return !holds(world, record, value as Filter, row)
    const field = filterFields(record).get(name)
    if (!field) throw new Error(`no field ${name} in the filter of ${record}`)
    if (field.is === 'me') return (row['id'] === readerOf(world)) === value
    if (field.is === 'value') return valueHolds(world, record, name, field.input, value as Filter, row[name] ?? null)
    const others = relatedRows(world, record, name, field, row)
    const fulfils = (wanted: Filter) => (other: Row) => holds(world, field.to, wanted, other)
    if (field.is === 'one') return others.some(fulfils(value as Filter))
    return Object.entries(value as Record<string, Filter>).every(([quantifier, wanted]) => {
      if (quantifier === 'some') return others.some(fulfils(wanted))
      return quantifier === 'none' ? !others.some(fulfils(wanted)) : others.every(fulfils(wanted))
    })
  })
}

function valueHolds(world: World, record: string, field: string, input: string, test: Filter, value: Value): boolean {
  const { caseSensitive, ...operators } = test
  const { fold, days } = world
  const around = { field, record, input, isExact: caseSensitive === true, fold, days }
  return Object.entries(operators).every(([operator, operand]) => operatorHolds(around, operator, operand, value))
}

/** The live rows that a relation leads to. Links are named after the relation, contact info names its owner. */
function relatedRows(world: World, record: RecordName, name: string, field: FilterField, row: Row): readonly Row[] {
  if (field.is === 'value' || field.is === 'me') return []
  const by = field.is === 'one' ? 'id' : field.to === 'Contact' ? 'companyId' : 'owner'
  const key = field.is === 'one' ? row[`${name}Id`] : by === 'owner' ? ownerKey(record, row['id']) : row['id']
  return indexOf(world, field.to, by).get(key ?? null) ?? []
}

function indexOf(world: World, record: RecordName, by: string): ReadonlyMap<Value, readonly Row[]> {
  const name = `${record} ${by}`
  const known = world.related.get(name)
  if (known) return known
  const index = new Map<Value, Row[]>()
  for (const row of world.rows[record].filter(isLive)) {
    const key = by === 'owner' ? ownerKey(String(row['ownerType']), row['ownerId']) : (row[by] ?? null)
    if (key !== null) index.set(key, [...(index.get(key) ?? []), row])
  }
  world.related.set(name, index)
  return index
}

function ownerKey(type: string, id: Value | undefined): string {
  return `${type.toUpperCase()} ${String(id)}`
}

const OWN_ORDERS: Readonly<Record<ListedName, Step>> = {
  Contact: { field: 'CREATED_AT', direction: 'DESC' },
  Company: { field: 'CREATED_AT', direction: 'DESC' },
  User: { field: 'CREATED_AT', direction: 'DESC' },
  Industry: { field: 'POSITION' },
  CompanySize: { field: 'POSITION' },
}

function placeOf(world: World, { record, orderBy }: ListWanted, row: Row): Place {
  const steps = orderBy?.length ? orderBy : [OWN_ORDERS[record]]
  const fields = orderFields(record)
  const place = steps.map(({ field: name, direction, nulls }) => {
    const order = fields.get(name)
    if (!order) throw new Error(`no order ${name} of ${record}`)
    const from = order.relation ? relatedOf(world, record, order.relation, row) : row
    const source = order.relation ? (filterFields(record).get(order.relation) as { to: RecordName }).to : record
    const value = from?.[order.field] ?? null
    const key = toOrderKey({ ...order, record: source, fold: world.fold }, value)
    return { key, isDescending: direction === 'DESC', nullsFirst: nulls === 'FIRST' }
  })
  const last = steps.at(-1)
  const isDescending = last?.direction === 'DESC'
  const relation = fields.get(last?.field ?? '')?.relation
  const link = relation
    ? [{ key: (row[`${relation}Id`] ?? null) as string | null, isDescending, nullsFirst: !isDescending }]
    : []
  return [...place, ...link, { key: row['id'] as string, isDescending, nullsFirst: false }]
}

function relatedOf(world: World, record: RecordName, relation: string, row: Row): Row | undefined {
  const field = filterFields(record).get(relation)
  return field && relatedRows(world, record, relation, field, row)[0]
}

function compareKeys(a: Exclude<OrderKey, null>, b: Exclude<OrderKey, null>): number {
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b)
  return a < b ? -1 : a > b ? 1 : 0
}

/** By code points, as UTF-8 sorts. */
function compareTexts(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b))
}
