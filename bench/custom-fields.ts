import { readOptions } from './load/checkouts.js'
import type { Work } from './load/http.js'
import type { ListWork } from './load/list-works.js'
import { compareTenants } from './load/tenants.js'

const DEFAULT_CONTACTS = 1_000_000
const FILTER_MS = 50
const ORDER_MS = 100
const LARGE_MS = 150

/**
 * Filters and orders by the demo's custom fields over HTTP, at one and at 16 connections: a tenant of 20,000 contacts and a large
 * one side by side. The promises are those of a large tenant where it has more than 200,000 contacts.
 */
export async function run(): Promise<void> {
  const { contacts = DEFAULT_CONTACTS, rounds } = readOptions(process.argv.slice(3))
  const works = customFieldWorks(contacts > 200_000)
  await compareTenants('custom-fields', 'Custom fields over HTTP', () => Promise.resolve(works), contacts, rounds)
}

function customFieldWorks(isLarge: boolean): ListWork[] {
  const work = (
    name: string,
    ms: number,
    args: string,
    selection = 'nodes { id fullName }',
    side = 'first',
  ): ListWork => ({
    name,
    promiseMs: isLarge ? LARGE_MS : ms,
    query: `{ contacts(${side}: 50${args}) { ${selection} } }`,
    open,
  })
  const filter = (...conditions: string[]): string => `, filter: { customFields: [${conditions.join(', ')}] }`
  const by = (key: string): string => `, orderBy: [{ customField: "${key}" }]`
  const [gold, referral] = [
    '{ key: "tier", option: { eq: "gold" } }',
    '{ key: "lead_source", option: { eq: "referral" } }',
  ]
  const happy = '{ key: "satisfaction", number: { gte: 8 } }'
  return [
    work('page with all custom fields', FILTER_MS, '', 'nodes { id customFields { key value } }'),
    work('page with one custom field by key', FILTER_MS, '', 'nodes { id customField(key: "tier") { value } }'),
    work('filter: an option', FILTER_MS, filter(referral)),
    work('filter: two fields, ordered by a third', FILTER_MS, `${filter(referral, happy)}${by('surveyed_on')}`),
    work('filter: two fields that few have', FILTER_MS, filter(gold, happy)),
    work('filter: a part of a text', FILTER_MS, filter('{ key: "remarks", text: { contains: "friday" } }')),
    work('by a number', ORDER_MS, by('satisfaction')),
    work('by options', ORDER_MS, by('tier')),
    work('by an amount, from the end', ORDER_MS, by('budget'), 'nodes { id fullName }', 'last'),
    work('count of an option', FILTER_MS, filter(referral), 'totalCount'),
  ]
}

const open: Work['open'] = () => ({
  variables: () => ({}),
  accept(answer) {
    if (!answer.startsWith('{"data":{')) throw new Error(`The server answered: ${answer.slice(0, 500)}`)
  },
})
