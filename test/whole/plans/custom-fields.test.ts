import { afterAll, beforeAll, test } from '@jest/globals'
import { listQuery } from './list-queries.js'
import { listPlans, totalBuffers } from './plan-checks.js'
import { planText } from './plan.js'
import { openPlansDesk, type PlansDesk } from './plans-desk.js'

let desk: PlansDesk
beforeAll(async () => { desk = await openPlansDesk() })
afterAll(() => desk.close())
const cf = (...customFields: object[]) => ({ customFields })
const CASES: [string, object | null, string | null, object?][] = [
  ['0.1', cf({ key: 'plan_rare', text: { eq: 'code 7' } }, { key: 'plan_most', option: { eq: 'yes' } }), 'plan_number'],
  ['10', cf({ key: 'plan_tenth', option: { eq: 'tenth_3' } }, { key: 'plan_most', option: { eq: 'yes' } }), 'plan_number'],
  ['1', cf({ key: 'plan_tenth', option: { eq: 'tenth_3' } }, { key: 'plan_number', number: { lt: 100000 } }), 'plan_day'],
  ['90', cf({ key: 'plan_most', option: { eq: 'yes' } }, { key: 'plan_nearly', number: { gte: 0 } }), 'plan_number'],
  ['none', cf({ key: 'plan_rare', text: { eq: 'nothing' } }, { key: 'plan_most', option: { eq: 'yes' } }), 'plan_number'],
  ['none2', cf({ key: 'plan_tenth', option: { eq: 'tenth_3' } }, { key: 'plan_number', number: { gt: 5000000 } }), 'plan_day'],
  ['wanted', cf({ key: 'plan_note', text: { contains: 'wanted' } }), null],
  ['wanted ordered', cf({ key: 'plan_note', text: { contains: 'wanted' } }), 'plan_number'],
  ['note', cf({ key: 'plan_note', text: { contains: 'note 1234' } }), null],
  ['nothing', cf({ key: 'plan_note', text: { contains: 'xyzzy' } }), null],
  ['by scarce', null, 'plan_scarce'],
  ['by half', null, 'plan_half'],
  ['by nearly', null, 'plan_nearly'],
  ['by scarce last', null, 'plan_scarce', { last: 50, first: undefined }],
  ['by half last', null, 'plan_half', { last: 50, first: undefined }],
  ['by nearly last', null, 'plan_nearly', { last: 50, first: undefined }],
  ['by tenth', null, 'plan_tenth'],
  ['plain 0.1', { externalId: { startsWith: 'x' } , emailOptIn: { eq: true } }, null],
]
test('explore', async () => {
  for (const [name, filter, key, page = {}] of CASES) {
    const t0 = performance.now()
    const { data, sent } = await desk.ask(desk.large, listQuery('contacts'), { first: 50, filter, orderBy: key ? [{ customField: key }] : [], ...page })
    const t1 = performance.now()
    const plans = await listPlans(desk, sent)
    console.log(name, data['contacts'].edges.length, 'rows', totalBuffers(plans), 'buffers', (t1 - t0).toFixed(0), 'ms')
    if (process.env['SHOW'] === name) console.log(plans.map(({ plan, sent: s }) => s.statement.text + planText(plan)).join('\n'))
  }
}, 600000)
