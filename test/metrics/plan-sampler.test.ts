import { expect, test } from '@jest/globals'
import { createPlanSampler, NOT_SUPPORTED, type PlannedStatement } from '../../src/metrics/plan-sampler.js'
import { createPlans, planShape, type PlanFlip, type PlanNode } from '../../src/metrics/plans.js'

const INDEX: PlanNode = { 'Node Type': 'Index Scan', 'Relation Name': 'contacts', 'Index Name': 'a', 'Total Cost': 1 }
const TABLE: PlanNode = { 'Node Type': 'Seq Scan', 'Relation Name': 'contacts', 'Total Cost': 9 }

function open(explain: (statement: PlannedStatement) => Promise<PlanNode | { why: string }>) {
  const clock = { nowMs: 0 }
  const [flips, asked]: [PlanFlip[], string[]] = [[], []]
  const plans = createPlans(10)
  const sampler = createPlanSampler(
    (statement: PlannedStatement) => {
      asked.push(statement.text)
      return explain(statement)
    },
    plans,
    { nowMs: () => clock.nowMs, onFlip: (flip) => void flips.push(flip), pauseMs: 0 },
  )
  const offer = (text: string, isSlow: boolean, prepared = true): Promise<void> => {
    sampler.offer({ label: 'list', role: 'kith_app', text, tenantId: 'tenant', prepared }, isSlow)
    return sampler.settled()
  }
  return { clock, flips, asked, plans, sampler, offer }
}

test('a slow statement is looked at once a minute, a usual one every ten, one without a constant text when slow', async () => {
  const { clock, asked, offer } = open(() => Promise.resolve(INDEX))
  await offer('select 1', true)
  clock.nowMs = 59_999
  await offer('select 1', true)
  expect(asked).toEqual(['select 1'])
  clock.nowMs = 60_000
  await offer('select 1', false)
  expect(asked).toEqual(['select 1'])
  await offer('select 1', true)
  clock.nowMs = 659_999
  await offer('select 1', false)
  expect(asked).toEqual(['select 1', 'select 1'])
  clock.nowMs = 660_000
  await offer('select 1', false)
  await offer('select 2', false, false)
  await offer('explain select 2', true)
  expect(asked).toEqual(['select 1', 'select 1', 'select 1'])
  await offer('select 2', true, false)
  expect(asked.at(-1)).toBe('select 2')
})

test('another shape of a plan is a flip that has both; other costs are none', async () => {
  let plan: PlanNode = INDEX
  const { clock, flips, plans, offer } = open(() => Promise.resolve(plan))
  await offer("select 'x'", true)
  plan = { ...INDEX, 'Total Cost': 100 }
  clock.nowMs = 60_000
  await offer("select 'x'", true)
  expect([flips, plans.flipCount()]).toEqual([[], 0])
  plan = TABLE
  clock.nowMs = 120_000
  await offer("select 'x'", true)
  const before = { plan: { ...INDEX, 'Total Cost': 100 }, shape: planShape(INDEX), sampledAtMs: 60_000 }
  const after = { plan: TABLE, shape: planShape(TABLE), sampledAtMs: 120_000 }
  expect(flips).toEqual([{ label: 'list', role: 'kith_app', sql: 'select ?', before, after }])
  expect([plans.flips(), plans.flipCount()]).toEqual([flips, 1])
  expect(planShape(INDEX)).not.toBe(planShape(TABLE))
})

test('a server that is too old is asked once, one that fails is asked again', async () => {
  const old = open(() => Promise.resolve({ why: NOT_SUPPORTED }))
  await old.offer('select 1', true)
  await old.offer('select 2', true)
  expect([old.asked, old.sampler.why()]).toEqual([['select 1'], NOT_SUPPORTED])
  const failing = open(() => Promise.reject(new Error('away')))
  await failing.offer('select 1', true)
  failing.clock.nowMs = 60_000
  await failing.offer('select 1', true)
  expect([failing.asked, failing.sampler.why()]).toEqual([['select 1', 'select 1'], undefined])
})

test('nothing is asked after its end', async () => {
  const { asked, sampler, offer } = open(() => Promise.resolve(INDEX))
  sampler.close()
  await offer('select 1', true)
  expect(asked).toEqual([])
})
