import pg from 'pg'
import type { Row } from './statement.js'

/** A column of an answer: its name, and the oid of its type. */
export interface RowField {
  readonly name: string
  readonly dataTypeID: number
}

/** Makes a row from the texts of its columns, null where there is no value. */
export type RowDecoder = (texts: readonly (string | null)[]) => Row

type Parse = (text: string) => unknown

const { BOOL, DATE, FLOAT4, FLOAT8, INT2, INT4, INT8, NUMERIC, TEXT, TIMESTAMPTZ, UUID, VARCHAR } = pg.types.builtins

// Of pg's own parsers, date would be a moment in the time zone of the process, and timestamptz a Date, which is made
// from its text and turned into a text again for each answer.
const PARSERS = new Map<number, Parse | null>([
  ...[DATE, INT8, NUMERIC, TEXT, UUID, VARCHAR].map((oid): [number, null] => [oid, null]),
  ...[FLOAT4, FLOAT8, INT2, INT4].map((oid): [number, Parse] => [oid, Number]),
  [BOOL, (text) => text === 't'],
  [TIMESTAMPTZ, isoMoment],
])

const MAX_DECODERS = 1000
const decoders = new Map<string, RowDecoder>()

/**
 * The decoder of rows with some columns, compiled once for each list of them. Values of these types aren't left as
 * PostgreSQL writes them: integers up to 32 bits and floats are numbers, `timestamptz` is an ISO text in UTC with
 * milliseconds, and others as pg parses them (json, arrays).
 */
export function rowDecoder(fields: readonly RowField[]): RowDecoder {
  const key = fields.map(({ name, dataTypeID }) => `${name} ${dataTypeID}`).join()
  const known = decoders.get(key)
  if (known) return known
  if (decoders.size >= MAX_DECODERS) decoders.clear()
  const decoder = compile(fields)
  decoders.set(key, decoder)
  return decoder
}

function compile(fields: readonly RowField[]): RowDecoder {
  const parsers = fields.map(({ dataTypeID }) => parserOf(dataTypeID))
  const columns = fields.map(({ name }, index) => {
    const parsed = parsers[index] ? `t[${index}] === null ? null : p[${index}](t[${index}])` : `t[${index}]`
    return `${JSON.stringify(name)}: ${parsed}`
  })
  // An object literal, whose shape the engine knows: 50 rows of 25 columns in 0.05 ms instead of 0.3 by assignments.
  // The names come from statements of ours and are quoted.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- see above
  const make = new Function('p', `return (t) => ({ ${columns.join(', ')} })`) as (p: typeof parsers) => RowDecoder
  return make(parsers)
}

function parserOf(oid: number): Parse | null {
  const own = PARSERS.get(oid)
  return own === undefined ? parserOfDriver(oid) : own
}

function parserOfDriver(oid: number): Parse {
  return pg.types.getTypeParser(oid) as Parse
}

// As PostgreSQL writes a moment where the session's time zone is UTC: `2026-07-16 11:53:15.957+00`.
const UTC_MOMENT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00$/
const SECONDS_END = 19

function isoMoment(text: string): unknown {
  if (!UTC_MOMENT.test(text)) {
    const moment = parserOfDriver(TIMESTAMPTZ)(text)
    return moment instanceof Date ? moment.toISOString() : moment
  }
  const fraction = text.length > SECONDS_END + 3 ? text.slice(SECONDS_END, -3) : '.'
  return `${text.slice(0, 10)}T${text.slice(11, SECONDS_END)}${fraction.padEnd(4, '0').slice(0, 4)}Z`
}
