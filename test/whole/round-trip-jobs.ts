import { upload } from '../features/import/import-desk.js'
import { doJobs } from '../features/bulk/bulk-desk.js'
import { openTenant, type Desk } from '../support/desk.js'
import type { RoundTripCase } from './round-trip-cases.js'
import { request } from './round-trip-tenant-mutations.js'

const FILE = 'Name,E-mail\nAda,ada@example.com\n'
const JOB = 'id status createdBy { email } rows { read created } import { fileName failures { line } }'

/** A tenant with an uploaded file, and an import of it that waits. */
async function openImport(desk: Desk) {
  const { admin } = await openTenant(desk)
  const input = { fileId: await upload(desk, admin, FILE), type: 'CONTACT' }
  const mapping = [{ column: 'E-mail', key: 'emailAddresses.1.email' }]
  const { job } = await desk.mutate(admin, 'startImport', { ...input, mapping }, 'job { id }')
  // What the process knows of the tenant's custom fields is known then.
  return { admin, input, mapping, id: job.id as string }
}

/** Queries of jobs, imports and changes by a filter. */
export function jobQueryCases(): RoundTripCase[] {
  const change = { action: 'UPDATE', filter: {}, update: { jobTitle: 'Boss' } }
  const one = (query: string, of: 'id' | 'fileId', name: string): RoundTripCase => ({
    name,
    prepare: async (desk) => {
      const { admin, input, id } = await openImport(desk)
      return { principal: admin, query, variables: { id: of === 'id' ? id : input.fileId } }
    },
  })
  const preview = (list: 'Contacts' | 'Companies'): RoundTripCase => ({
    name: `previewBulk${list}`,
    prepare: async (desk) => ({
      principal: (await openTenant(desk)).admin,
      query: `query ($input: Bulk${list}ChangeInput!) { previewBulk${list}(input: $input) { total hash examples { id } } }`,
      variables: { input: list === 'Contacts' ? change : { ...change, update: { notes: 'Yes' } } },
    }),
  })
  return [
    one(`query ($id: ID!) { job(id: $id) { ${JOB} } }`, 'id', 'job'),
    one(`{ jobs { id status } }`, 'id', 'jobs'),
    one('query ($id: ID!) { importFile(id: $id) { name isComplete } }', 'fileId', 'importFile'),
    {
      name: 'importPreview',
      prepare: async (desk) => {
        const { admin, input } = await openImport(desk)
        const query = `query ($input: ImportPreviewInput!) { importPreview(input: $input) { preview { columns { name key } } } }`
        return { principal: admin, query, variables: { input } }
      },
    },
    preview('Contacts'),
    preview('Companies'),
  ]
}

/** Mutations of jobs, imports and changes by a filter. */
export function jobMutationCases(): RoundTripCase[] {
  const start = (list: 'Contacts' | 'Companies', update: object): RoundTripCase => ({
    name: `startBulk${list}`,
    prepare: async (desk) => {
      const { admin } = await openTenant(desk)
      await desk.mutate(admin, 'createContact', { firstName: 'Ada' })
      await desk.mutate(admin, 'createCompany', { name: 'Acme' })
      const change = { action: 'UPDATE', filter: {}, update }
      const query = `query ($input: Bulk${list}ChangeInput!) { previewBulk${list}(input: $input) { hash } }`
      const found = await desk.ask(admin, query, { input: change })
      const { hash } = found[`previewBulk${list}`] as { hash: string }
      return request(admin, `startBulk${list}`, { change, hash }, 'job { id }')
    },
  })
  return [
    {
      name: 'startImport',
      prepare: async (desk) => {
        const { admin, input, mapping } = await openImport(desk)
        return request(admin, 'startImport', { ...input, mapping }, 'job { id status }')
      },
    },
    {
      name: 'cancelJob',
      prepare: async (desk) => {
        const { admin, id } = await openImport(desk)
        return request(admin, 'cancelJob', { id }, 'job { id status }')
      },
    },
    start('Contacts', { jobTitle: 'Boss' }),
    start('Companies', { notes: 'Yes' }),
    {
      name: 'undoJob',
      prepare: async (desk) => {
        const { admin, id } = await openImport(desk)
        await doJobs(desk)
        return request(admin, 'undoJob', { id }, 'job { id status }')
      },
    },
  ]
}
