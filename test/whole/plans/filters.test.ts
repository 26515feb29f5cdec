import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { LISTS, listQuery, type ListName } from './list-queries.js'
import { listPlans, planFaults } from './plan-checks.js'
import { openPlansDesk, type PlansDesk } from './plans-desk.js'
import { columnOf, filterFields, sampleFilters } from './sample-filters.js'

const PAGE_AND_COUNT = 'edges { cursor } totalCount'
const NAME_ORDER = { contacts: 'LAST_NAME', companies: 'NAME' } as const

let desk: PlansDesk

beforeAll(async () => {
  desk = await openPlansDesk()
})
afterAll(() => desk.close())

/** A value that a live record of the large tenant has; a deleted one, of `deletedAt`. */
async function valueOf(list: ListName, field: string): Promise<string> {
  const column = columnOf(list, field)
  const state = field === 'deletedAt' ? 'is not null' : 'is null'
  const [row] = await desk.sql(
    `select to_jsonb(${column}) #>> '{}' as value from ${list}
     where tenant_id = $1 and deleted_at ${state} and ${column} is not null order by id desc limit 1`,
    [desk.large.tenant.id],
  )
  return String(row?.['value'])
}

/** What is wrong with a page of a filter in the list's own order, in that of names, and with its count. */
async function faultsOf(list: ListName, filter: object, hasRows = false): Promise<string[]> {
  const faults: string[] = []
  const what = `${list} with ${JSON.stringify(filter)}, large tenant`
  for (const [selection, orderBy] of [
    [PAGE_AND_COUNT, []],
    ['edges { cursor }', [{ field: NAME_ORDER[list] }]],
  ] as const) {
    const { data, sent } = await desk.ask(desk.large, listQuery(list, selection), { filter, orderBy })
    // A filter that finds nothing would say little about how rows are found.
    if (hasRows && data[list].edges.length === 0) faults.push(`${what}: no rows`)
    for (const planned of await listPlans(desk, sent)) faults.push(...planFaults(desk, what, planned))
  }
  return faults
}

describe.each(LISTS)('every operator that says what a value of %s is reads no table from end to end', (list) => {
  test.each(filterFields(list))('$name', async ({ name, type }) => {
    const faults: string[] = []
    for (const condition of sampleFilters(type, await valueOf(list, name))) {
      faults.push(...(await faultsOf(list, { [name]: condition })))
    }
    expect(faults.join('\n')).toBe('')
  })
})

const RELATED: readonly (readonly [ListName, string, object])[] = [
  ['contacts', 'the name of its company', { company: { name: { startsWith: 'wag' } } }],
  ['contacts', 'the status of its company', { company: { status: { eq: 'PARTNER' } } }],
  ['contacts', 'the size of its company', { company: { employeeCount: { gt: 20_000 } } }],
  ['contacts', "its company's industry", { company: { industry: { name: { eq: 'healthcare' } } } }],
  ['contacts', "its company's other contacts", { company: { contacts: { some: { lastName: { eq: 'schmidt' } } } } }],
  ['contacts', 'its owner', { owner: { email: { endsWith: '@large.example' } } }],
  [
    'contacts',
    "its company and its owner's role",
    { company: { priority: { eq: 'URGENT' } }, owner: { role: { eq: 'MANAGER' } } },
  ],
  ['companies', 'the last name of a contact', { contacts: { some: { lastName: { eq: 'schmidt' } } } }],
  ['companies', 'the job title of a contact', { contacts: { some: { jobTitle: { contains: 'chief' } } } }],
  ['companies', "a contact's owner", { contacts: { some: { owner: { email: { endsWith: '@large.example' } } } } }],
  [
    'companies',
    "a contact's e-mail",
    { contacts: { some: { emailAddresses: { some: { email: { startsWith: 'anna' } } } } } },
  ],
  ['companies', 'its industry', { industry: { name: { eq: 'healthcare' } } }],
  ['companies', 'its size and owner', { size: { position: { lte: 2 } }, assignedTo: { role: { eq: 'ADMIN' } } }],
]

test.each(RELATED)('%s by %s read no table from end to end', async (list, _what, filter) => {
  expect((await faultsOf(list, filter, true)).join('\n')).toBe('')
})

/** Contact info of the large tenant by its table, and conditions from a row of it. */
const INFO: readonly (readonly [string, string, string, (value: string) => object[]])[] = [
  [
    'emailAddresses',
    'email_addresses',
    'email',
    (email) => [
      { email: { eq: email } },
      { email: { in: [email, 'nobody@example.com'] } },
      { email: { startsWith: email.slice(0, 5) } },
      { email: { contains: email.slice(1, 6) } },
      { email: { endsWith: email.slice(-12) } },
      { email: { matches: email.slice(0, 6) } },
      { domain: { eq: email.split('@')[1] } },
    ],
  ],
  [
    'phoneNumbers',
    'phone_numbers',
    'number_e164',
    (number) => [
      { number: { eq: number } },
      { number: { in: [number] } },
      { number: { startsWith: number.slice(0, 7) } },
      { number: { endsWith: number.slice(-4) } },
    ],
  ],
  [
    'addresses',
    'addresses',
    'city',
    (city) => [
      { city: { eq: city } },
      { city: { startsWith: city.slice(0, 3) } },
      { city: { contains: city.slice(1, 4) }, country: { eq: 'AT' } },
      { region: { eq: city } },
      { country: { eq: 'SE' } },
    ],
  ],
  [
    'socialMediaAccounts',
    'social_media_accounts',
    'handle',
    (handle) => [
      { handle: { eq: handle } },
      { handle: { startsWith: handle.slice(0, 4) } },
      { handle: { contains: handle.slice(1, 5) }, platform: { eq: 'LINKEDIN' } },
    ],
  ],
]

describe.each(LISTS)('%s by contact info read no table from end to end', (list) => {
  test.each(INFO)('%s', async (field, table, column, conditions) => {
    const [row] = await desk.sql(
      `select ${column} as value from ${table} where tenant_id = $1 and ${column} is not null order by id desc limit 1`,
      [desk.large.tenant.id],
    )
    const faults: string[] = []
    for (const some of conditions(String(row?.['value']))) faults.push(...(await faultsOf(list, { [field]: { some } })))
    expect(faults.join('\n')).toBe('')
  })
})
