import { describe, expect, test } from '@jest/globals'
import { crossingOf, forecastDays, type DailyValue } from '../../src/metrics/forecast.js'
import { createRandom } from '../whole/walls/support/mixed-operations.js'

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

const DAYS = 60
const LEVEL = 100
const WEEKEND = -30

/** 60 days from 100 on, with weekends, noise of 3 and, of ten days, one that is 50 to 200 too high. */
function series(seed: number, perDay: number): DailyValue[] {
  const random = createRandom(seed)
  return Array.from({ length: DAYS }, (_, day) => {
    const season = day % 7 >= 5 ? WEEKEND : 0
    const outlier = random() < 0.1 ? 50 + 150 * random() : 0
    return { day, value: LEVEL + perDay * day + season + 3 * normal(random) + outlier }
  })
}

const SEEDS = Array.from({ length: 200 }, (_, seed) => seed)

describe('a forecast', () => {
  test('needs 14 days', () => {
    expect(forecastDays(series(1, 1).slice(0, 13))).toBeNull()
    expect(forecastDays(series(1, 1).slice(0, 14))).not.toBeNull()
  })

  test('of a straight line is the line, without an error', () => {
    const line = Array.from({ length: 30 }, (_, day) => ({ day, value: 50 + 2 * day }))
    expect(forecastDays(line)).toEqual({ level: 108, perDay: 2, isTrend: true, band: 0, errorPart: 0 })
    expect(crossingOf(forecastDays(line)!, 158)).toEqual({ inDays: 25, earliestInDays: 25, latestInDays: 25 })
    expect(crossingOf(forecastDays(line)!, 100)).toEqual({ inDays: 0, earliestInDays: 0, latestInDays: 0 })
    expect(crossingOf(forecastDays(line)!, 2000).inDays).toBeNull()
  })

  test('of constant values is no trend', () => {
    const flat = Array.from({ length: 30 }, (_, day) => ({ day, value: 7 }))
    expect(forecastDays(flat)).toEqual({ level: 7, perDay: 0, isTrend: false, band: 0, errorPart: 0 })
  })

  test('of days that are missing goes by the days', () => {
    const line = Array.from({ length: 60 }, (_, day) => ({ day, value: 2 * day })).filter(({ day }) => day % 3 > 0)
    expect(forecastDays(line)).toMatchObject({ level: 118, perDay: 2, isTrend: true })
  })

  test('finds the day of a budget within 10 % in 90 of 100 series, a tenth of whose days are outliers', () => {
    const perDay = 1
    // From the last day on.
    const trueDays = 60
    const budget = LEVEL + perDay * (DAYS - 1 + trueDays)
    const right = SEEDS.filter((seed) => {
      const forecast = forecastDays(series(seed, perDay))
      const days = forecast && crossingOf(forecast, budget).inDays
      return days !== null && Math.abs(days - trueDays) <= 0.1 * trueDays
    })
    expect(right.length).toBeGreaterThanOrEqual(180)
  })

  test('claims no crossing of flat noise in 95 of 100 series', () => {
    const claims = SEEDS.filter((seed) => {
      const forecast = forecastDays(series(seed, 0))
      return forecast !== null && crossingOf(forecast, 2 * LEVEL).inDays !== null
    })
    expect(claims.length).toBeLessThanOrEqual(10)
  })

  test('has a band in which 8 of 10 values a week ahead lie', () => {
    const within = SEEDS.filter((seed) => {
      const all = series(seed, 1)
      const forecast = forecastDays(all.slice(0, DAYS - 7))
      const last = all.at(-1)
      return forecast && last && Math.abs(last.value - (forecast.level + 7 * forecast.perDay)) <= forecast.band
    })
    expect(within.length).toBeGreaterThanOrEqual(160)
  })
})
