import { buildSchema, isInputObjectType } from 'graphql'
import { CONCEPTS } from '../../../src/graphql/features.js'
import { readSchema } from '../../../src/graphql/schema-text.js'
import type { ListName } from './list-queries.js'

/** A condition of one field. */
export type FieldFilter = Readonly<Record<string, unknown>>

const INPUTS = { contacts: 'ContactFilter', companies: 'CompanyFilter' } as const
const DAY_MS = 86_400_000

/**
 * The fields of a list's filter that are columns of its own, with the type of their conditions: all but the relations.
 */
export function filterFields(list: ListName): { name: string; type: string }[] {
  const input = buildSchema(readSchema()).getType(INPUTS[list])
  if (!isInputObjectType(input)) throw new Error(`no filter of ${list}`)
  const fields = Object.values(input.getFields()).map(({ name, type }) => ({ name, type: String(type) }))
  return fields.filter(({ type }) => type in SAMPLES || ENUMS.has(type))
}

/** The column of a field, which a deprecated name shares with its new one. */
export function columnOf(list: ListName, field: string): string {
  const column = CONCEPTS.find((concept) => concept.list === list)?.fields[field]?.column
  if (column === undefined) throw new Error(`no field ${field} of ${list}`)
  return column
}

/** Conditions that say what a value is, one for each operator, from a value that there is. */
export function sampleFilters(type: string, value: string): FieldFilter[] {
  if (ENUMS.has(type)) return [{ eq: value }, { in: [value] }]
  const samples = SAMPLES[type]
  if (!samples) throw new Error(`no samples of ${type}`)
  return samples(value)
}

const ENUMS = new Set(['CompanyStatusFilter', 'CompanyPriorityFilter'])

const SAMPLES: Readonly<Record<string, (value: string) => FieldFilter[]>> = {
  StringFilter: (value) => [
    ...compared(value, `${value} and more`),
    { contains: value.slice(1, 5) },
    { startsWith: value.slice(0, 4) },
    { endsWith: value.slice(-4) },
    { matches: value.split(/[^\p{L}\p{N}]+/u)[0] ?? value },
    { eq: value, caseSensitive: true },
    { contains: value.slice(0, 5), caseSensitive: true },
  ],
  IDFilter: (value) => [{ eq: value }, { in: [value] }, { isNull: true }],
  BooleanFilter: (value) => [{ eq: value === 'true' }, { ne: value === 'true' }],
  IntFilter: (value) => compared(Number(value), Number(value) + 1),
  DecimalFilter: (value) => compared(value, `${value}1`),
  DateFilter: (value) => [
    ...compared(value, dayAfter(value)),
    { withinDays: 5000 },
    { olderThanDays: 15_000 },
    { relative: { from: -5000, to: 0 } },
  ],
  DateTimeFilter: (value) => [
    ...compared(value, `${dayAfter(value)}T00:00:00.000Z`),
    { withinDays: 100 },
    { olderThanDays: 900 },
    { relative: { from: -100, to: 0 } },
  ],
  CurrencyCodeFilter: (value) => [{ eq: value }, { in: [value] }, { isNull: true }],
}

function compared(value: unknown, more: unknown): FieldFilter[] {
  return [
    { eq: value },
    { in: [value, more] },
    { lt: value },
    { lte: value },
    { gt: value },
    { gte: value },
    { between: { from: value, to: more } },
    { isNull: true },
  ]
}

function dayAfter(text: string): string {
  return new Date(Date.parse(text) + DAY_MS).toISOString().slice(0, 10)
}
