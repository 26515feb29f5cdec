import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { mayOpen } from '../../src/database/pool-growth.js'
import { poolShare } from '../../src/database/pool-share.js'
import { testSeed } from '../setup/test-run.js'

const seed = testSeed()

describe("a pool's share", () => {
  test.each([
    [{ room: 97, others: 0, pools: 1 }, 87],
    [{ room: 97, others: 0, pools: 2 }, 43],
    [{ room: 97, others: 30, pools: 2 }, 28],
    [{ room: 17, others: 20, pools: 1 }, 1],
    [{ room: 247, others: 0, pools: 1 }, 222],
    [{ room: 97, others: 0, pools: 0 }, 87],
  ])('of %j is %i', (room, share) => {
    expect(poolShare(room)).toBe(share)
  })

  test(`leaves a tenth of the server to nobody, however many share it: KITH_TEST_SEED=${seed}`, () => {
    const count = fc.integer({ min: 1, max: 2000 })
    fc.assert(
      fc.property(count, fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 1, max: 50 }), (room, others, pools) => {
        const share = poolShare({ room, others, pools })
        const left = room - others - share * pools
        expect(share).toBeGreaterThanOrEqual(1)
        if (share > 1) expect(left).toBeGreaterThanOrEqual(room / 10)
      }),
      { seed },
    )
  })
})

describe('one more connection', () => {
  const pool = { open: 0, opening: 0, limit: 200, waiting: 1, waitedMs: 0 }
  test.each([
    ['for the first who waits', {}, true],
    ['not for one for whom one is opened already', { open: 1, opening: 1 }, false],
    ['four at once', { open: 5, opening: 3, waiting: 50 }, true],
    ['not five at once', { open: 5, opening: 4, waiting: 50 }, false],
    ['from ten on not at once', { open: 10, waiting: 50, waitedMs: 99 }, false],
    ['from ten on when somebody has waited', { open: 10, waiting: 50, waitedMs: 100 }, true],
    ['from ten on one after the other', { open: 11, opening: 1, waiting: 50, waitedMs: 1000 }, false],
    ['up to the limit', { open: 199, waiting: 50, waitedMs: 1000 }, true],
    ['not beyond it', { open: 200, waiting: 50, waitedMs: 1000 }, false],
    ['nor beyond a small one', { open: 3, limit: 3, waiting: 50 }, false],
  ])('%s', (_, state, opens) => {
    expect(mayOpen({ ...pool, ...state })).toBe(opens)
  })
})
