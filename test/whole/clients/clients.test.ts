import { ApolloClient, InMemoryCache } from '@apollo/client'
import { BatchHttpLink } from '@apollo/client/link/batch-http'
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { processEnvironment } from '../../setup/test-run.js'
import { runNode } from '../../support/command-process.js'
import { startHttpServer, type HttpServer } from '../support/http-server.js'
import * as apollo from './apollo-client/client.js'
import * as apolloContacts from './apollo-client/contacts.js'
import { openOffice } from './office.js'
import * as relayContacts from './relay/contacts.js'
import * as relay from './relay/environment.js'
import { watchRequests } from './sent-requests.js'
import * as urql from './urql/client.js'
import * as urqlContacts from './urql/contacts.js'

const NAMES = ['Ada Ash', 'Ben Birch', 'Cleo Cedar', 'Dan Dogwood', 'Eve Elm']
const FORBIDDEN = { message: 'This needs the role MANAGER; yours is MEMBER.', path: ['deleteContact'] }
const CONFLICT = {
  code: 'CONFLICT',
  message: 'The contact changed since it was read.',
  field: ['version'],
  currentVersion: 2,
}

let server: HttpServer
let compiled: ReturnType<typeof compileProgram>

/**
 * What GraphQL code generator and then the compiler say of the program in codegen/app, which is in test-results/ then.
 */
async function compileProgram() {
  const config = 'test/whole/clients/codegen/codegen.ts'
  const generated = await runNode(
    ['node_modules/@graphql-codegen/cli/esm/bin.js', '--config', config, '--silent'],
    processEnvironment(),
  )
  return {
    generated,
    checked: await runNode(
      ['node_modules/typescript/bin/tsc', '-p', 'test/whole/clients/codegen/app'],
      processEnvironment(),
    ),
  }
}

beforeAll(async () => {
  compiled = compileProgram()
  server = await startHttpServer({ isLocal: false })
})

afterAll(() => server.close())

afterEach(() => {
  jest.restoreAllMocks()
})

describe('Relay', () => {
  test('puts pages together, keeps a contact once, and reads it again by its id', async () => {
    const { url, contactIds, token } = await openOffice(server)
    const [id = ''] = contactIds
    const environment = relay.createEnvironment(url, await token())
    const list = await relayContacts.openContacts(environment, { filter: {}, first: 2 })
    const card = (index: number, changes: object = {}): object => ({
      id: contactIds[index],
      fullName: NAMES[index],
      version: 1,
      jobTitle: null,
      company: { name: 'Arbor' },
      ...changes,
    })
    const page = (cards: object[], hasNextPage: boolean): object => ({
      cards,
      totalCount: 5,
      totalCountIsExact: true,
      pageInfo: { hasNextPage, endCursor: expect.any(String) },
    })
    expect(list.read()).toEqual(page([card(0), card(1)], true))
    await list.loadNext()
    await list.loadNext()
    expect(list.read()).toEqual(page([card(0), card(1), card(2), card(3), card(4)], false))

    const save = (jobTitle: string) => relayContacts.updateContact(environment, { input: { id, version: 1, jobTitle } })
    expect(await save('Gardener')).toEqual({
      data: { updateContact: expect.objectContaining({ isChanged: true, userErrors: [] }) },
      errors: null,
    })
    expect(await save('Forester')).toEqual({
      data: { updateContact: { contact: null, isChanged: false, userErrors: [CONFLICT] } },
      errors: null,
    })
    const gardener = card(0, { version: 2, jobTitle: 'Gardener' })
    expect(list.read().cards).toEqual([gardener, card(1), card(2), card(3), card(4)])

    // Somebody else changes another one.
    const other = relay.createEnvironment(url, await token('MEMBER'))
    await relayContacts.updateContact(other, { input: { id: contactIds[4] ?? '', jobTitle: 'Carpenter' } })
    await relayContacts.refetchCard(environment, contactIds[4] ?? '')
    expect(list.read().cards[4]).toEqual(card(4, { jobTitle: 'Carpenter' }))
    list.close()
  })

  test('shows what stands beside an error, and the code of a request that was refused', async () => {
    const { url, contactIds, token } = await openOffice(server)
    const environment = relay.createEnvironment(url, await token('MEMBER'))
    const variables = { create: { firstName: 'Finn', lastName: 'Fir' }, delete: { id: contactIds[0] ?? '' } }
    const { data, errors } = await relayContacts.createAndDelete(environment, variables)
    expect(data).toEqual({ createContact: { contact: { fullName: 'Finn Fir' }, userErrors: [] }, deleteContact: null })
    expect(errors).toEqual([expect.objectContaining(FORBIDDEN)])
    const list = await relayContacts.openContacts(environment, { filter: {}, first: 200 })
    expect(list.read().cards.map(({ fullName }) => fullName)).toEqual([...NAMES, 'Finn Fir'])
    list.close()

    const refused = async (environment: ReturnType<typeof relay.createEnvironment>, first: number) =>
      relay.codesOf(
        await relayContacts.openContacts(environment, { filter: {}, first }).catch((error: unknown) => error),
      )
    expect(await refused(environment, 201)).toEqual(['BAD_USER_INPUT'])
    expect(await refused(relay.createEnvironment(url, 'none'), 2)).toEqual(['UNAUTHENTICATED'])
  })
})

describe('Apollo Client', () => {
  test('names a document by its hash, puts pages together, and changes nothing when it polls', async () => {
    const { url, contactIds, token } = await openOffice(server)
    const costs: apollo.Cost[] = []
    const client = apollo.createApolloClient(url, await token(), (cost) => costs.push(cost))
    const sent = watchRequests()
    const variables = { first: 2 }
    const query = { query: apolloContacts.CONTACTS, variables }
    await client.query(query)
    const firstPage = client.readQuery(query)
    await client.query({ ...query, fetchPolicy: 'network-only' })
    // The same rows have the same cursors: it is the same object, and nothing is drawn again.
    expect(client.readQuery(query)).toBe(firstPage)

    const list = client.watchQuery(query)
    const watched = list.subscribe(() => undefined)
    for (let page = 2; page <= 3; page++) {
      const after = client.readQuery(query)?.contacts.pageInfo.endCursor ?? null
      await list.fetchMore({ variables: { after } })
    }
    watched.unsubscribe()
    expect(client.readQuery(query)).toEqual({
      contacts: {
        __typename: 'ContactConnection',
        totalCount: 5,
        totalCountIsExact: true,
        edges: NAMES.map((fullName, index) => ({
          __typename: 'ContactEdge',
          node: { __typename: 'Contact', id: contactIds[index], fullName, version: 1 },
        })),
        pageInfo: { __typename: 'PageInfo', hasNextPage: false, endCursor: expect.any(String) },
      },
    })
    expect(sent()).toEqual(['GET hash', 'POST hash+text', 'GET hash', 'GET hash', 'GET hash'])
    expect(costs).toEqual(Array.from({ length: 4 }, () => ({ requested: 26, limit: 20_000 })))
  })

  test('shows userErrors, and what stands beside an error', async () => {
    const { url, contactIds, token } = await openOffice(server)
    const client = apollo.createApolloClient(url, await token('MEMBER'), () => undefined)
    const query = { query: apolloContacts.CONTACTS, variables: { first: 1 } }
    await client.query(query)
    const save = async (firstName: string) => {
      const variables = { input: { id: contactIds[0], version: 1, firstName } }
      return (await client.mutate({ mutation: apolloContacts.UPDATE, variables })).data
    }
    const contact = { __typename: 'Contact', id: contactIds[0], fullName: 'Anna Ash', version: 2 }
    const payload = { __typename: 'UpdateContactPayload' }
    expect(await save('Anna')).toEqual({ updateContact: { ...payload, contact, userErrors: [] } })
    expect(await save('Anne')).toEqual({
      updateContact: { ...payload, contact: null, userErrors: [{ __typename: 'UserError', ...CONFLICT }] },
    })
    expect(client.readQuery(query)?.contacts.edges[0]?.node).toEqual(contact)

    const { data, error } = await client.mutate({
      mutation: apolloContacts.CREATE_AND_DELETE,
      variables: { create: { firstName: 'Finn', lastName: 'Fir' }, delete: { id: contactIds[0] } },
      errorPolicy: 'all',
    })
    expect(data).toEqual({
      createContact: {
        __typename: 'CreateContactPayload',
        contact: { __typename: 'Contact', fullName: 'Finn Fir' },
        userErrors: [],
      },
      deleteContact: null,
    })
    expect(error).toEqual(expect.objectContaining({ errors: [expect.objectContaining(FORBIDDEN)] }))
    expect(apollo.codesOf(error)).toEqual(['FORBIDDEN'])
  })

  test('finds the code of what was refused as a whole, and is told that batching is off', async () => {
    const { url, token } = await openOffice(server)
    const authorization = `Bearer ${await token()}`
    const refusal = (client: ApolloClient, first: number): Promise<unknown> =>
      client.query({ query: apolloContacts.TOO_MUCH, variables: { first } }).then(
        () => 'answered',
        (error: unknown) => error,
      )
    const known = apollo.createApolloClient(url, await token(), () => undefined)
    const tooMuch = await refusal(known, 200)
    expect(tooMuch).toEqual(expect.objectContaining({ name: 'CombinedGraphQLErrors' }))
    expect(apollo.codesOf(tooMuch)).toEqual(['LIMIT_COST'])
    const nobody = await refusal(
      apollo.createApolloClient(url, 'none', () => undefined),
      1,
    )
    expect(nobody).toEqual(expect.objectContaining({ name: 'ServerError', statusCode: 401 }))
    expect(apollo.codesOf(nobody)).toEqual(['UNAUTHENTICATED'])

    const link = new BatchHttpLink({ uri: url, headers: { authorization } })
    const batching = new ApolloClient({ link, cache: new InMemoryCache() })
    const batched = await refusal(batching, 1)
    expect(batched).toEqual(expect.objectContaining({ name: 'ServerError', statusCode: 400 }))
    expect(JSON.parse((batched as { bodyText: string }).bodyText)).toEqual({
      errors: [
        {
          message: 'Batching is off: send each operation in a request of its own.',
          extensions: { code: 'BAD_REQUEST', requestId: expect.any(String) },
        },
      ],
    })
  })
})

describe('urql', () => {
  const MANY = { or: Array.from({ length: 40 }, (_, index) => ({ lastName: { eq: `Nobody of the number ${index}` } })) }

  test.each([
    ['sends documents', urql.createUrqlClient, ['GET text', 'POST text', 'GET text', 'POST text']],
    [
      'names documents by their hash',
      urql.createPersistedUrqlClient,
      ['GET hash', 'GET hash+text', 'POST text', 'GET hash', 'POST hash'],
    ],
  ])('%s, by GET while they are short, and asks again after a change', async (_, createClient, expected) => {
    const { url, contactIds, token } = await openOffice(server)
    const client = createClient(url, await token('MEMBER'))
    const sent = watchRequests()
    const read = (filter: object = {}) => client.query(urqlContacts.CONTACTS, { first: 1, filter }).toPromise()
    const save = (version: number) =>
      client.mutation(urqlContacts.UPDATE, { input: { id: contactIds[0], version, firstName: 'Anna' } }).toPromise()
    const contact = { __typename: 'Contact', id: contactIds[0], fullName: 'Ada Ash', version: 1 }
    const page = (...nodes: object[]): object => ({
      contacts: {
        __typename: 'ContactConnection',
        edges: nodes.map((node) => ({ __typename: 'ContactEdge', node })),
      },
    })
    const { data, extensions } = await read()
    expect({ data, extensions }).toEqual({
      data: page(contact),
      extensions: { cost: { requested: 3, limit: 20_000 } },
    })
    expect((await read()).data).toEqual(page(contact))
    const changed = { ...contact, fullName: 'Anna Ash', version: 2 }
    const payload = { __typename: 'UpdateContactPayload' }
    expect((await save(1)).data).toEqual({ updateContact: { ...payload, contact: changed, userErrors: [] } })
    expect((await read()).data).toEqual(page(changed))
    expect((await read(MANY)).data).toEqual(page())
    expect(sent()).toEqual(expected)
    expect((await save(1)).data).toEqual({
      updateContact: { ...payload, contact: null, userErrors: [{ __typename: 'UserError', ...CONFLICT }] },
    })
  })

  test('finds the code of what was refused as a whole', async () => {
    const { url, token } = await openOffice(server)
    const refusal = async (authorization: string, first: number) => {
      const { error } = await urql.createUrqlClient(url, authorization).query(urqlContacts.CONTACTS, { first })
      return { codes: urql.codesOf(error), status: (error?.response as Response | undefined)?.status }
    }
    expect(await refusal(await token(), 201)).toEqual({ codes: ['BAD_USER_INPUT'], status: 400 })
    expect(await refusal('none', 1)).toEqual({ codes: ['UNAUTHENTICATED'], status: 401 })
  })
})

test('GraphQL code generator types documents, the compiler agrees, and what they made runs', async () => {
  expect(await compiled).toEqual({
    generated: { stdout: '', stderr: '', code: 0 },
    checked: { stdout: '', stderr: '', code: 0 },
  })
  const { url, token } = await openOffice(server)
  const { stdout, ...rest } = await runNode(
    ['test-results/codegen/contacts.js', url, await token()],
    processEnvironment(),
  )
  expect(rest).toEqual({ stderr: '', code: 0 })
  expect(JSON.parse(stdout)).toEqual({
    names: NAMES,
    areTexts: true,
    saved: { contact: { jobTitle: 'Gardener', version: 2 }, userErrors: [] },
    late: { contact: null, userErrors: [{ code: 'CONFLICT', field: ['version'], currentVersion: 2 }] },
  })
}, 120_000)
