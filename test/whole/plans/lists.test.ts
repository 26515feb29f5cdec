import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { LISTS } from './list-queries.js'
import { allPlans, planFaults } from './plan-checks.js'
import { openPlansDesk, type PlansDesk } from './plans-desk.js'

let desk: PlansDesk

beforeAll(async () => {
  desk = await openPlansDesk()
})
afterAll(() => desk.close())

async function faultsOf(what: string, query: string): Promise<string[]> {
  const { sent } = await desk.ask(desk.large, query)
  expect(sent).not.toEqual([])
  const plans = await allPlans(desk, sent)
  return plans.flatMap((planned) => planFaults(desk, `${what}, large tenant`, planned))
}

test.each(LISTS)(
  'counts of all %s, to the usual bound and to the largest, read no table from end to end',
  async (list) => {
    const query = `{ ${list} { totalCount all: totalCount(max: 1000000) totalCountIsExact(max: 1000000) } }`
    expect((await faultsOf(`counts of ${list}`, query)).join('\n')).toBe('')
  },
)

test.each(LISTS)('the estimated number of %s takes no statement that reads them', async (list) => {
  const [row] = await desk.sql(
    `select count(*)::int as live from ${list} where tenant_id = $1 and deleted_at is null`,
    [desk.large.tenant.id],
  )
  const live: number = row?.['live']
  const { data, sent } = await desk.ask(desk.large, `{ ${list} { estimatedCount } }`)
  expect(sent).toEqual([])
  expect(data[list].estimatedCount / live).toBeGreaterThan(0.8)
  expect(data[list].estimatedCount / live).toBeLessThan(1.25)
})

const CONTACT_INFO = `emailAddresses { email } phoneNumbers { number } addresses { city } socialMediaAccounts { handle }`

test('pages with their relations, both ways, read no table from end to end', async () => {
  const contacts = `{ contacts(first: 200) { nodes {
    fullName company { name industry { name } contacts(first: 20) { nodes { fullName } totalCount } } owner { name } ${CONTACT_INFO} } } }`
  const companies = `{ companies(first: 200, orderBy: [{ field: NAME }]) { nodes {
    name assignedTo { name } size { name } ${CONTACT_INFO}
    contacts(first: 20, orderBy: [{ field: LAST_NAME }], filter: { emailOptIn: { eq: true } }) { nodes { fullName } } } } }`
  const faults = [
    ...(await faultsOf('contacts with relations', contacts)),
    ...(await faultsOf('companies with relations', companies)),
  ]
  expect(faults.join('\n')).toBe('')
})
