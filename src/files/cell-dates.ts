import { once } from '../lib/once.js'
import { quote } from '../lib/value/checked.js'
import { checkDate } from '../lib/value/date.js'
import { momentsOf } from '../lib/zone-clock.js'
import { read, unreadable, type CellResult } from './cell-error.js'
import type { CellOptions, DateOrder } from './mapping.js'

/** No date is longer; a cell of 20,000 spaces took a second, for its time was that of their square. */
const MAX_LENGTH = 100
const COMPACT = /^([0-9]{4})([0-9]{2})([0-9]{2})$/
const YEAR_FIRST = /^([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})$/
const YEAR_LAST = /^([0-9]{1,2})([-/.])\s?([0-9]{1,2})\2\s?([0-9]{4})$/
const SHORT_YEAR = /^[0-9]{1,2}[-/. ]+[0-9]{1,2}[-/. ]+[0-9]{2}$/
const DAY_MONTH_NAME = /^([0-9]{1,2})(?:st|nd|rd|th|\.)?[\s-]+([\p{L}]{3,})\.?,?[\s-]+([0-9]{4})$/u
const MONTH_NAME_DAY = /^([\p{L}]{3,})\.?\s+([0-9]{1,2})(?:st|nd|rd|th)?,?\s+([0-9]{4})$/u
const DAY_AND_TIME =
  /^(.+?)(?:T|,?\s+)([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(\.[0-9]+)?)?\s*([ap]\.?m\.?)?\s*(Z|[+-][0-9]{2}:?[0-9]{2})?$/i

/** Months by their names; made when one is first read, as it takes 14 ms. */
const monthNames = once(
  () =>
    new Map(
      ['en', 'de', 'fr', 'it', 'es'].flatMap((language) => {
        const format = new Intl.DateTimeFormat(language, { month: 'long', timeZone: 'UTC' })
        return Array.from({ length: 12 }, (_, month) => {
          const name = format.format(Date.UTC(2000, month, 1))
          return [name.toLowerCase(), month + 1] as const
        })
      }),
    ),
)

/**
 * A day as YYYY-MM-DD. Year first, or with the month's name, it can be read in one way; `3/4/2024` only where `dateOrder`
 * says how: it is AMBIGUOUS_DATE otherwise, whatever other rows show. `13/4/2024` and `4/4/2024` have one reading.
 */
export function readDate(cell: string, { dateOrder }: CellOptions): CellResult<string> {
  if (cell.length > MAX_LENGTH) return invalid(cell)
  const yearFirst = YEAR_FIRST.exec(cell) ?? COMPACT.exec(cell)
  if (yearFirst) return day(cell, yearFirst[1], yearFirst[2], yearFirst[3])
  const yearLast = YEAR_LAST.exec(cell)
  if (yearLast) return readYearLast(cell, Number(yearLast[1]), Number(yearLast[3]), yearLast[4], dateOrder)
  if (SHORT_YEAR.test(cell)) {
    return unreadable('AMBIGUOUS_DATE', `${quote(cell)} says the year with two digits: write all four, as 2024-02-29.`)
  }
  const named = DAY_MONTH_NAME.exec(cell)
  if (named) return withMonthName(cell, named[1], named[2], named[3])
  const monthFirst = MONTH_NAME_DAY.exec(cell)
  if (monthFirst) return withMonthName(cell, monthFirst[2], monthFirst[1], monthFirst[3])
  // A moment at midnight is how spreadsheets and databases write days.
  const midnight = /^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]00:00(?::00(?:\.0+)?)?Z?$/.exec(cell)
  if (midnight?.[1] !== undefined) return readDate(midnight[1], { dateOrder })
  return invalid(cell)
}

/**
 * A moment of RFC 3339. Without an offset it needs `timeZone`, or it is INVALID_DATE_TIME; its day is read as `readDate`
 * does. A time that clocks of the zone show twice or never, because they are turned, is refused: nobody knows which moment is
 * meant.
 */
export function readDateTime(cell: string, options: CellOptions): CellResult<string> {
  const match = cell.length > MAX_LENGTH ? null : DAY_AND_TIME.exec(cell)
  if (!match) {
    return unreadable('INVALID_DATE_TIME', `${quote(cell)} is no moment: write it as 2024-02-29T12:30:00+01:00.`)
  }
  const [, dayText = '', hours = '', minutes = '', seconds = '00', fraction = '', half, offset] = match
  const needsZone = offset === undefined && options.timeZone === undefined
  const date = readDate(dayText.trim(), options)
  if (!date.ok) return { ...date, declare: needsZone ? [...date.declare, 'timeZone'] : date.declare }
  const noTime = unreadable('INVALID_DATE_TIME', `${quote(cell)} is no time of the day.`)
  // `13:00 AM` isn't one.
  if (half !== undefined && Number(hours) > 12) return noTime
  const time = `${hours24(Number(hours), half)}:${minutes}:${seconds}${fraction}`
  if (offset !== undefined) {
    return read(
      `${date.value}T${time}${/^z$/i.test(offset) ? 'Z' : offset.replace(/([0-9]{2}):?([0-9]{2})$/, '$1:$2')}`,
    )
  }
  if (options.timeZone === undefined) {
    const message = `${quote(cell)} has no offset from UTC: write it, as 2024-02-29T12:30:00+01:00, or say the time zone of the column (timeZone).`
    return unreadable('INVALID_DATE_TIME', message, 'timeZone')
  }
  const localMs = Date.parse(`${date.value}T${time}Z`)
  return Number.isNaN(localMs) ? noTime : readInZone(cell, localMs, options.timeZone)
}

function readYearLast(
  cell: string,
  first: number,
  second: number,
  year: string | undefined,
  dateOrder: DateOrder | undefined,
): CellResult<string> {
  if (dateOrder === 'YMD') return invalid(cell)
  const canBeDmy = second >= 1 && second <= 12
  const canBeMdy = first >= 1 && first <= 12
  if (dateOrder === undefined && canBeDmy && canBeMdy && first !== second) {
    const message = `${quote(cell)} may be day first or month first: say which it is in this column (dateOrder: DMY or MDY).`
    return unreadable('AMBIGUOUS_DATE', message, 'dateOrder')
  }
  const isDmy = dateOrder === undefined ? canBeDmy : dateOrder === 'DMY'
  return isDmy ? day(cell, year, second, first) : day(cell, year, first, second)
}

function withMonthName(
  cell: string,
  dayText: string | undefined,
  name = '',
  year: string | undefined,
): CellResult<string> {
  const wanted = name.toLowerCase()
  const months = new Set([...monthNames()].filter(([month]) => month.startsWith(wanted)).map(([, number]) => number))
  const [month] = months
  return months.size === 1 && month !== undefined ? day(cell, year, month, dayText) : invalid(cell)
}

function day(cell: string, year = '', month: string | number = '', date: string | number = ''): CellResult<string> {
  const text = `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`
  return checkDate(text).ok ? read(text) : unreadable('INVALID_DATE', `${quote(cell)} is no day of the calendar.`)
}

function invalid(cell: string): CellResult<never> {
  return unreadable('INVALID_DATE', `${quote(cell)} is no date: write it YYYY-MM-DD, as 2024-02-29.`)
}

function hours24(hours: number, half: string | undefined): string {
  const isAfternoon = half?.toLowerCase().startsWith('p') === true
  const inDay = half === undefined ? hours : (hours % 12) + (isAfternoon ? 12 : 0)
  return String(inDay).padStart(2, '0')
}

/** The moment at which clocks of the zone show this time, where there is one alone. */
function readInZone(cell: string, localMs: number, timeZone: string): CellResult<string> {
  const [moment, second] = momentsOf(localMs, timeZone)
  const write = 'write its offset from UTC, as 2024-02-29T12:30:00+01:00.'
  if (moment === undefined) {
    const message = `Clocks of ${timeZone} never show ${quote(cell)}, as they are turned forward: ${write}`
    return unreadable('INVALID_DATE_TIME', message)
  }
  if (second === undefined) return read(new Date(moment).toISOString())
  const message = `Clocks of ${timeZone} show ${quote(cell)} twice, as they are turned back: ${write}`
  return unreadable('AMBIGUOUS_DATE_TIME', message)
}
