import { openTenant } from '../support/desk.js'
import type { RoundTripCase } from './round-trip-cases.js'
import { request } from './round-trip-tenant-mutations.js'

const EXPORT = 'export { id status downloadPath }'

/** The query of exports. */
export function exportQueryCases(): RoundTripCase[] {
  return [
    {
      name: 'export',
      prepare: async (desk) => {
        const { admin } = await openTenant(desk)
        const { export: made } = await desk.mutate(admin, 'createContactExport', {}, 'export { id }')
        const query = 'query ($id: ID!) { export(id: $id) { id status downloadPath createdBy { name } } }'
        return { principal: admin, query, variables: { id: made.id } }
      },
    },
  ]
}

/** The mutations of exports. */
export function exportMutationCases(): RoundTripCase[] {
  return ['createContactExport', 'createCompanyExport'].map((mutation) => ({
    name: mutation,
    prepare: async (desk) => request((await openTenant(desk)).admin, mutation, { search: 'ada' }, EXPORT),
  }))
}
