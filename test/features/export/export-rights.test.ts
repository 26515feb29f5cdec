import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startHttpServer, type HttpServer } from '../../whole/support/http-server.js'
import { createTenant } from '../../support/records.js'
import { createDownloadLinks } from '../../../src/features/export/download-link.js'
import { tokenKeys } from '../../../src/features/identity/principal.service.js'
import { signOperatorToken, signToken } from '../../../src/features/identity/token.js'
import { deriveKey } from '../../../src/lib/derive-key.js'
import { TEST_SECRET } from '../../support/api.js'
import { postExport, receive } from './export-desk.js'

let server: HttpServer

beforeAll(async () => {
  server = await startHttpServer()
  for (const firstName of ['Ada', 'Grace']) {
    await server.ask('mutation ($name: String) { createContact(input: { firstName: $name }) { contact { id } } }', {
      name: firstName,
    })
  }
  const { body } = await server.ask('{ contacts(filter: { firstName: { eq: "Grace" } }) { nodes { id } } }')
  const [{ id }] = body.data['contacts'].nodes as [{ id: string }]
  await server.ask('mutation ($id: ID!) { deleteContact(input: { id: $id }) { contact { id } } }', { id })
})

afterAll(() => server.close())

const NAMES = { type: 'CONTACT', columns: ['firstName'] }
const CREATE = `mutation ($input: CreateContactExportInput!) { createContactExport(input: $input) {
  export { id type format status downloadPath rowCount sizeBytes sha256 createdBy { id } startedAt finishedAt }
  userErrors { code message field } } }`
const READ = 'query ($id: ID!) { export(id: $id) { id status downloadPath rowCount sizeBytes sha256 } }'

async function refusal(answer: Promise<{ status: number; text: string }>) {
  const { status, text } = await answer
  const { errors } = JSON.parse(text) as { errors: { message: string; extensions: Record<string, unknown> }[] }
  return [status, ...errors.map(({ message, extensions: { requestId: _, ...said } }) => ({ message, ...said }))]
}

async function tokenOfOtherTenant(): Promise<string> {
  const tenant = await createTenant(server.database)
  const claims = { tenantId: tenant.settings.id, userId: tenant.users.ADMIN, role: 'ADMIN' } as const
  return signToken(deriveKey(TEST_SECRET, 'tokens'), claims, new Date(), 3600)
}

describe('an export', () => {
  test('has live records alone, unless a MANAGER asks for deleted ones', async () => {
    expect((await postExport(server, NAMES)).text).toBe('firstName\nAda\n')
    expect((await postExport(server, { ...NAMES, deleted: 'ONLY' }, { role: 'MANAGER' })).text).toBe(
      'firstName\nGrace\n',
    )
    const both = await postExport(server, { ...NAMES, deleted: 'INCLUDE', orderBy: [{ field: 'FIRST_NAME' }] })
    expect(both.text).toBe('firstName\nAda\nGrace\n')
    const refused = refusal(postExport(server, { ...NAMES, deleted: 'ONLY' }, { role: 'MEMBER' }))
    const message = 'Deleted records are for the role MANAGER; yours is MEMBER.'
    expect(await refused).toEqual([403, { message, code: 'FORBIDDEN', field: 'deleted' }])
  })

  test('has nothing of other tenants', async () => {
    const headers = { authorization: `Bearer ${await tokenOfOtherTenant()}` }
    expect((await postExport(server, NAMES, { headers })).text).toBe('firstName\n')
  })

  test('is for who has a token', async () => {
    const headers = { 'content-type': 'application/json' }
    const answer = receive(new URL('/export', server.base), 'POST', headers, JSON.stringify(NAMES))
    expect(await refusal(answer)).toEqual([
      401,
      { message: 'A valid bearer token is needed.', code: 'UNAUTHENTICATED' },
    ])
  })

  test('is for tenants: an operator belongs to none', async () => {
    const operator = await signOperatorToken(tokenKeys(TEST_SECRET).operators, new Date(), 600)
    const message = "An operator's token belongs to no tenant, and this is for tenants."
    const headers = { authorization: `Bearer ${operator}` }
    expect(await refusal(postExport(server, NAMES, { headers }))).toEqual([403, { message, code: 'FORBIDDEN' }])
  })

  test('is refused as a whole, with the place of all that is wrong', async () => {
    const columns = ['id', 'nickname', 'emailAddresses.26.email', 'id', 'customFields.none']
    const known =
      'Columns are id, birthDate, firstName, middleName, lastName, jobTitle, department, externalId, emailOptIn, smsOptIn, callOptIn, notes and 13 more.'
    const unknown = (name: string, index: number) => ({
      ...{ code: 'BAD_USER_INPUT', field: `columns.${index}` },
      message: `There is no column "${name}". ${known}`,
    })
    expect(await refusal(postExport(server, { ...NAMES, columns }))).toEqual([
      400,
      unknown('nickname', 1),
      unknown('emailAddresses.26.email', 2),
      { code: 'BAD_USER_INPUT', message: 'The column id stands twice.', field: 'columns.3' },
      unknown('customFields.none', 4),
    ])
    expect(await refusal(postExport(server, { ...NAMES, filter: { firstName: { eq: null } } }))).toEqual([
      400,
      { code: 'BAD_USER_INPUT', message: expect.any(String), field: 'filter.firstName.eq' },
    ])
    const [status, { code }] = (await refusal(postExport(server, { ...NAMES, filter: { none: 1 } }))) as [
      number,
      { code: string },
    ]
    expect([status, code]).toEqual([400, 'BAD_USER_INPUT'])
    expect(await refusal(postExport(server, { ...NAMES, type: 'USER' }))).toEqual([
      400,
      { code: 'BAD_USER_INPUT', message: '`type` must be CONTACT or COMPANY.' },
    ])
    expect(await refusal(postExport(server, { ...NAMES, format: 'VCARD' }))).toEqual([
      400,
      {
        ...{ code: 'BAD_USER_INPUT', field: 'columns' },
        message: 'A card has properties of its own: columns are for CSV and NDJSON.',
      },
    ])
  })
})

describe('an address of a download', () => {
  test('needs no token, and gives what the export says it gave', async () => {
    const { body } = await server.ask(CREATE, { input: { columns: ['firstName'] } }, 'VIEWER')
    const { export: made, userErrors } = body.data['createContactExport']
    const waiting = { rowCount: null, sizeBytes: null, sha256: null, startedAt: null, finishedAt: null }
    expect([made, userErrors]).toEqual([
      {
        ...{ id: made.id, type: 'CONTACT', format: 'CSV', status: 'READY', ...waiting },
        ...{
          downloadPath: expect.stringMatching(/^\/export\?token=eyJ/),
          createdBy: { id: server.tenant.users.VIEWER },
        },
      },
      [],
    ])
    const { status, text, headers, trailers } = await receive(new URL(made.downloadPath, server.base), 'GET', {})
    expect([status, text, headers['kith-export-id']]).toEqual([200, 'firstName\nAda\n', made.id])
    const { export: done } = (await server.ask(READ, { id: made.id }, 'VIEWER')).body.data
    expect(done).toEqual({
      ...{ id: made.id, status: 'COMPLETED', rowCount: 1, sizeBytes: 14, sha256: trailers['kith-sha256'] },
      downloadPath: expect.stringMatching(/^\/export\?token=eyJ/),
    })
  })

  test('is for who asked alone; ADMINs see what came of it', async () => {
    const { body } = await server.ask(CREATE, { input: { columns: ['firstName'] } }, 'MEMBER')
    const { id } = body.data['createContactExport'].export as { id: string }
    expect((await server.ask(READ, { id }, 'VIEWER')).body.data).toEqual({ export: null })
    const nothing = { rowCount: null, sizeBytes: null, sha256: null }
    const seen = { id, status: 'READY', downloadPath: null, ...nothing }
    expect((await server.ask(READ, { id }, 'ADMIN')).body.data).toEqual({ export: seen })
  })

  test('is not begun by HEAD, which shows nothing of it', async () => {
    const { body } = await server.ask(CREATE, { input: { columns: ['firstName'] } })
    const { id, downloadPath } = body.data['createContactExport'].export as { id: string; downloadPath: string }
    const { status, headers, text } = await receive(new URL(downloadPath, server.base), 'HEAD', {})
    expect([status, headers['allow'], text]).toEqual([405, 'GET, POST', ''])
    expect((await server.ask(READ, { id })).body.data['export'].status).toBe('READY')
  })

  test('of what its user may not have any more is refused, and noted as FAILED', async () => {
    const { body } = await server.ask(CREATE, { input: { deleted: 'ONLY' } }, 'MANAGER')
    const { id } = body.data['createContactExport'].export as { id: string }
    const claims = { tenantId: server.tenant.settings.id, userId: server.tenant.users.MANAGER, role: 'MEMBER' } as const
    const links = createDownloadLinks(deriveKey(TEST_SECRET, 'downloads'))
    const path = await links.sign({ ...claims, exportId: id }, new Date(Date.now() + 60_000))
    const message = 'Deleted records are for the role MANAGER; yours is MEMBER.'
    const refused = await refusal(receive(new URL(path, server.base), 'GET', {}))
    expect(refused).toEqual([403, { message, code: 'FORBIDDEN' }])
    const { export: noted } = (await server.ask(READ, { id })).body.data
    expect(noted).toEqual({ id, status: 'FAILED', downloadPath: null, rowCount: null, sizeBytes: null, sha256: null })
  })

  test('that was altered, or is of another kind of token, is as none', async () => {
    const message = 'The address has expired, or was altered: ask for the export again.'
    const { body } = await server.ask(CREATE, { input: {} })
    const path = body.data['createContactExport'].export.downloadPath as string
    for (const other of [`${path.slice(0, -3)}abc`, '/export', `/export?token=${await server.token()}`]) {
      const answer = receive(new URL(other, server.base), 'GET', {})
      expect(await refusal(answer)).toEqual([404, { message, code: 'NOT_FOUND' }])
    }
  })

  test('ends with the user who asked', async () => {
    const { body } = await server.ask(CREATE, { input: {} })
    const exportId = body.data['createContactExport'].export.id as string
    const userId = server.tenant.users.MANAGER
    await server.ask('mutation ($id: ID!) { deactivateUser(input: { id: $id }) { user { id } } }', { id: userId })
    const claims = { exportId, tenantId: server.tenant.settings.id, userId, role: 'MANAGER' } as const
    const links = createDownloadLinks(deriveKey(TEST_SECRET, 'downloads'))
    const path = await links.sign(claims, new Date(Date.now() + 60_000))
    const ask = () => refusal(receive(new URL(path, server.base), 'GET', {}))
    let answer = await ask()
    // The server remembers for a second that the manager, who asked for an export above, is active.
    while (answer[0] === 404) answer = await ask()
    expect(answer).toEqual([401, { message: 'A valid bearer token is needed.', code: 'UNAUTHENTICATED' }])
  })
})
