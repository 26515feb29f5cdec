import fc, { type Arbitrary } from 'fast-check'
import { LIST_NAMES, NOTES, NOWS, TEXTS, WEBSITES } from './values.js'

const MS_PER_DAY = 86_400_000
const MS_PER_QUARTER = 900_000

/** One of some values; those at the front are the simpler ones. */
export function oneOf<Item>(items: readonly Item[]): Arbitrary<Item> {
  return fc.constantFrom(...items)
}

/** A value, or none in about one of `1 + weight` rows. */
export function orNull<Item>(value: Arbitrary<Item>, weight = 3): Arbitrary<Item | null> {
  return fc.option(value, { freq: weight })
}

/** A moment: days from the day of `now`, quarters of an hour, and a millisecond beside. Most are among a few. */
export const anyOffset: Arbitrary<number> = fc.oneof(
  { weight: 3, arbitrary: oneOf([0, -MS_PER_DAY, -7 * MS_PER_DAY, MS_PER_DAY + 1]) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(oneOf([0, -1, 1, -2, 2, -30, 365]), fc.nat(95), oneOf([0, -1, 1]))
      .map(([days, quarters, ms]) => days * MS_PER_DAY + quarters * MS_PER_QUARTER + ms),
  },
)

/** The moment at an offset from the start of the day of `now` in UTC, as ISO 8601 in UTC. */
export function momentAt(now: string, offset: number): string {
  return new Date(Date.parse(now.slice(0, 10)) + offset).toISOString()
}

/** A moment around one of the times at which lists are read. */
const anyMoment: Arbitrary<string> = fc.tuple(oneOf(NOWS), anyOffset).map(([now, offset]) => momentAt(now, offset))

/** A moment as clients may write it: with an offset, or with more decimals than are kept. */
export const anyMomentText: Arbitrary<string> = fc
  .tuple(anyMoment, oneOf(['Z', '+05:45', '-09:30', 'micro']))
  .map(([moment, form]) => {
    if (form === 'Z') return moment
    if (form === 'micro') return moment.replace('Z', '999Z')
    const [, sign, hours, minutes] = /([+-])([0-9]+):([0-9]+)/.exec(form) ?? []
    const shift = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1)
    return new Date(Date.parse(moment) + shift).toISOString().replace('Z', form)
  })

/** A day of the calendar around one of those times, or far from them. */
export const anyDay: Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: anyMoment.map((moment) => moment.slice(0, 10)) },
  { weight: 1, arbitrary: oneOf(['2000-02-29', '1926-01-01', '9999-12-31', '0001-01-01']) },
)

const POOL = [...new Set([...TEXTS, ...NOTES, ...WEBSITES, ...LIST_NAMES])]

/** A text that is asked for: one that rows have, a part of it, other letters of it, or anything at all. */
export const anyText: Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: oneOf(POOL) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(oneOf(POOL), fc.nat(6), fc.integer({ min: 1, max: 5 }), fc.boolean())
      .map(([text, from, length, isEnd]) => {
        const characters = [...text]
        return characters.slice(isEnd ? -length : from, isEnd ? undefined : from + length).join('')
      }),
  },
  { weight: 2, arbitrary: oneOf(POOL).map((text) => text.toUpperCase()) },
  { weight: 1, arbitrary: oneOf(POOL).map((text) => text.normalize('NFD')) },
  { weight: 1, arbitrary: oneOf(POOL).map((text) => text.split(' ').reverse().join('  ')) },
  {
    weight: 2,
    arbitrary: oneOf(['', ' ', '%', '_', '\\', '%%', '\\%', "'", '"', "' or 1=1 --", 'a%', '.*', '\u3000']),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 4 }) },
)
