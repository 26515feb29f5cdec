import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { listPlans, planFault, planFaults, totalBuffers } from './plan-checks.js'
import { listQuery } from './list-queries.js'
import { openPlansDesk, type PlansDesk } from './plans-desk.js'

const MAX_BUFFERS = 2000
const PAGE_SIZE = 20

const SEARCH = `query ($text: String!) { search(query: $text, first: ${PAGE_SIZE}) { nodes { record { __typename } } isPartial } }`

/** What people type, from a row of the large tenant that `where` finds. */
const KINDS: readonly (readonly [kind: string, text: string, where: string])[] = [
  [
    'first and last name',
    `first_name || ' ' || last_name`,
    `first_name ~ '^[A-Za-z]{5,}$' and last_name ~ '^[A-Za-z]{5,}$'`,
  ],
  ['last name, then the start of the first', `last_name || ' ' || left(first_name, 2)`, `last_name ~ '^[A-Za-z]{5,}$'`],
  ['the start of a last name', 'left(last_name, 4)', `last_name ~ '^[A-Za-z]{6,}$'`],
  ['three letters within a name', 'substr(last_name, 2, 3)', `last_name ~ '^[A-Za-z]{6,}$'`],
  ['three letters that tens of thousands have', `'ann'`, 'true'],
  ['a typing error', `overlay(last_name placing 'x' from 5 for 1)`, `last_name ~ '^[A-Za-z]{8,}$'`],
  ['a name without its accents', 'kith_fold(last_name)', `last_name ~ '[éèüöäñçåøß]'`],
  ['two Chinese or Japanese characters', 'left(last_name, 2)', `last_name ~ '^[一-鿿]{2,}'`],
  ['an e-mail address', 'email', 'email is not null'],
  ['the name part of an e-mail address', `split_part(email, '@', 1)`, 'email is not null'],
  ['the domain of an e-mail address', 'email_domain', 'email is not null'],
  ['a phone number', 'number_e164', 'number_e164 is not null'],
  ['the last four digits of a phone number', 'right(number_e164, 4)', 'number_e164 is not null'],
  ['a domain that many have', `'gmail.com'`, 'true'],
  ['such a domain behind an @', `'@gmail.com'`, 'true'],
  ['the start of such a domain', `'@gmai'`, 'true'],
  ['a first name at such a domain', `'anna gmail.com'`, 'true'],
  ['two letters with which many names begin', `'jo'`, 'true'],
  [
    'a last name with two letters swapped',
    `overlay(last_name placing substr(last_name, 4, 1) || substr(last_name, 3, 1) from 3 for 2)`,
    `last_name ~ '^[A-Za-z]{6,}$' and substr(last_name, 4, 1) <> substr(last_name, 3, 1)`,
  ],
  ["a company's name", 'company_name', `company_name ~ '^[A-Za-z ]{8,}$'`],
]

let desk: PlansDesk

beforeAll(async () => {
  desk = await openPlansDesk()
})
afterAll(() => desk.close())

async function textOf(text: string, where: string): Promise<string> {
  const [row] = await desk.sql(
    `select ${text} as text from (
       select c.id, c.first_name, c.last_name, e.email, e.email_domain, p.number_e164, o.name as company_name
       from contacts c
       left join email_addresses e on e.tenant_id = c.tenant_id and e.contact_id = c.id and e.is_primary
       left join phone_numbers p on p.tenant_id = c.tenant_id and p.contact_id = c.id and p.is_primary
       left join companies o on o.tenant_id = c.tenant_id and o.id = c.company_id and o.deleted_at is null
       where c.tenant_id = $1 and c.deleted_at is null) as sample
     where ${where} order by hashtextextended(id::text, 5) limit 1`,
    [desk.large.tenant.id],
  )
  return String(row?.['text'])
}

/** What is wrong with one search; the buffers of all its statements count together. */
async function faultsOf(what: string, query: string, variables: object): Promise<string[]> {
  const { data, sent } = await desk.ask(desk.large, query, variables)
  const [answer] = Object.values(data)
  if ((answer.nodes ?? answer.edges).length === 0) return [`${what}: nothing found`]
  const plans = await listPlans(desk, sent)
  const faults = plans.flatMap((planned) => planFaults(desk, what, planned))
  const buffers = totalBuffers(plans)
  if (buffers <= MAX_BUFFERS) return faults
  const fault = `takes ${buffers} buffers in all instead of ${MAX_BUFFERS} at most`
  return [...faults, ...plans.map((planned) => planFault(what, fault, planned))]
}

describe('a search takes 2,000 buffers at most, and reads no table from end to end', () => {
  test.each(KINDS)('%s, anywhere', async (kind, expression, where) => {
    const text = await textOf(expression, where)
    const faults = await faultsOf(`search for ${kind}, ${JSON.stringify(text)}, large tenant`, SEARCH, { text })
    expect(faults.join('\n')).toBe('')
  })

  test.each(KINDS)('%s, in a list', async (kind, expression, where) => {
    const search = await textOf(expression, where)
    const list = kind === "a company's name" ? 'companies' : 'contacts'
    const what = `${list} that fit ${kind}, ${JSON.stringify(search)}, large tenant`
    expect((await faultsOf(what, listQuery(list), { first: PAGE_SIZE, search })).join('\n')).toBe('')
  })
})
