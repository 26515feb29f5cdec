import { openTenant, type Desk } from '../support/desk.js'
import type { RoundTripCase } from './round-trip-cases.js'
import { request } from './round-trip-tenant-mutations.js'

const RESULTS = 'results { status id userErrors { code } } summary { created updated unchanged skipped failed }'

/** The bulk mutations of a type of record, of three rows with an e-mail address each, and its upserts. */
function casesOf(type: string, plural: string, name: string): RoundTripCase[] {
  const field = type.toLowerCase()
  const rowOf = (index: number) => ({
    ...{ [name]: `Row ${index}`, externalId: `X-${index}` },
    emailAddresses: [{ email: `row${index}@example.com` }],
  })
  const rows = [0, 1, 2].map(rowOf)
  const made = async (desk: Desk) => {
    const { admin } = await openTenant(desk)
    const payload = await desk.mutate(admin, `bulkCreate${plural}`, { rows }, 'results { id }')
    return { admin, ids: payload['results'].map(({ id }: { id: string }) => id) as string[] }
  }
  const known = (verb: string, inputOf: (ids: readonly string[]) => object, isDeleted = false): RoundTripCase => ({
    name: `bulk${verb}${plural}`,
    prepare: async (desk) => {
      const { admin, ids } = await made(desk)
      if (isDeleted) await desk.mutate(admin, `bulkDelete${plural}`, { rows: ids.map((id) => ({ id })) })
      return request(admin, `bulk${verb}${plural}`, inputOf(ids), RESULTS)
    },
  })
  const idsAlone = (ids: readonly string[]) => ({ rows: ids.map((id) => ({ id })) })
  const upsert = (particular: string, matchBy: string): RoundTripCase => ({
    name: `upsert${type}: ${particular}`,
    prepare: async (desk) => {
      const { admin } = await made(desk)
      const input = { [field]: { ...rowOf(1), [name]: 'Another' }, matchBy }
      return request(admin, `upsert${type}`, input, `status ${field} { id }`)
    },
  })
  return [
    known('Create', () => ({ rows: [3, 4, 5].map(rowOf) })),
    known('Update', (ids) => ({ rows: ids.map((id) => ({ id, [name]: 'Another' })) })),
    known('Delete', idsAlone),
    known('Restore', idsAlone, true),
    known('Destroy', idsAlone),
    known('Upsert', () => ({ rows: [1, 2, 3].map(rowOf), matchBy: 'EXTERNAL_ID' })),
    upsert('by external id', 'EXTERNAL_ID'),
    upsert('by e-mail address', 'EMAIL'),
  ]
}

/** The mutations of many contacts or companies at once, and the upserts. */
export function bulkCases(): RoundTripCase[] {
  return [...casesOf('Contact', 'Contacts', 'firstName'), ...casesOf('Company', 'Companies', 'name')]
}
