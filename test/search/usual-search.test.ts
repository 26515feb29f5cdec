import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createScope, FULL_ACCESS, type Access } from '../../src/access/scope.js'
import { createRegistry } from '../../src/concepts/registry.js'
import { CONCEPTS } from '../../src/graphql/features.js'
import type { Principal } from '../../src/lib/principal.js'
import { compileSql, sql } from '../../src/lib/sql.js'
import { ranksTogether } from '../../src/search/ranks-together.js'
import { ranksOf } from '../../src/search/ranks.js'
import { parseSearch } from '../../src/search/terms.js'
import { usualSql } from '../../src/search/usual-search.js'
import { testSeed } from '../setup/test-run.js'

const seed = testSeed()
const registry = createRegistry(CONCEPTS)

/** Sees its own records alone. */
const ownRecords = (userId: string): Access => ({
  ...FULL_ACCESS,
  rows: (_, alias) => sql`${sql.ref(`${alias}.owner_id`)} = ${userId}::uuid`,
})

const uuid = fc.uuid()
const word = fc.constantFrom(
  'anna',
  'bob',
  'smith',
  'li',
  'x',
  'müller',
  'mueller',
  'joel',
  'さくら',
  "o'brien",
  '2243441',
)
const searches = fc.record({
  tenantId: uuid,
  userId: uuid,
  hasRule: fc.boolean(),
  type: fc.constantFrom('CONTACT' as const, 'COMPANY' as const),
  texts: fc.array(fc.oneof(word, word, fc.string({ unit: 'grapheme' }), uuid), { minLength: 1, maxLength: 4 }),
  isTenant: fc.boolean(),
  limit: fc.constantFrom(11, 21, 51),
})

test(`a search has the SQL that is written for it alone, whatever was asked before: KITH_TEST_SEED=${seed}`, () => {
  let kept = 0
  fc.assert(
    fc.property(searches, ({ tenantId, userId, hasRule, type, texts, isTenant, limit }) => {
      const principal = { tenant: { id: tenantId }, userId, role: 'MEMBER' } as Principal
      const scope = createScope(principal, registry, new Date(0), hasRule ? ownRecords(userId) : FULL_ACCESS)
      const terms = parseSearch([...texts, ...(isTenant ? [tenantId] : [])].join(' '), 'US')
      fc.pre(terms.length > 0)
      const search = { scope, type, terms }
      const wanted = { ranks: ranksOf(terms), limit, afterId: null, isBackward: false, where: null }
      let isWritten = false
      const usual = usualSql(search, wanted, () => {
        isWritten = true
        return ranksTogether(search, wanted)
      })
      if (!isWritten) kept++
      expect(usual).toEqual(compileSql(ranksTogether(search, wanted)))
    }),
    { seed, numRuns: 3000 },
  )
  expect(kept).toBeGreaterThan(100)
})
