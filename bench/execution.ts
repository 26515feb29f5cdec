import { mkdirSync, writeFileSync } from 'node:fs'
import DataLoader from 'dataloader'
import { execute, isObjectType, parse, type DocumentNode, type GraphQLSchema } from 'graphql'
import { FULL_ACCESS } from '../src/access/scope.js'
import { createSchema } from '../src/graphql/executable-schema.js'
import { createExecutor } from '../src/graphql/executor/executor.js'
import { createBudget, REQUEST_LIMITS } from '../src/graphql/limits.js'
import { readSchema } from '../src/graphql/schema-text.js'

const ROWS = 50
const CALLS = 150
const REPEATS = 15

const WORKS: Readonly<Record<string, string>> = {
  'page of 50, few fields': `{ contacts(first: 50) { nodes { id fullName jobTitle company { id name } owner { id name }
    emailAddresses { email } phoneNumbers { number } } } }`,
  'page of 50, usual fields': `{ contacts(first: 50) { nodes { id firstName lastName fullName jobTitle department createdAt
    updatedAt version company { id name status domain } owner { id name email } emailAddresses { id email type isPrimary }
    phoneNumbers { id number e164 type isPrimary } } pageInfo { hasNextPage endCursor } } }`,
  'page of 50, no relations':
    '{ contacts(first: 50) { nodes { id fullName jobTitle createdAt } pageInfo { hasNextPage endCursor } } }',
  'one contact with everything': `{ contact(id: "0") { id firstName lastName fullName jobTitle department createdAt updatedAt
    version company { id name status domain } owner { id name email } emailAddresses { id email type isPrimary }
    phoneNumbers { id number e164 type isPrimary } } }`,
}

const OWNERS = 7
const STARTED = new Date('2026-01-01T00:00:00.000Z')
const MOMENTS = { createdAt: STARTED, updatedAt: STARTED, deletedAt: null, version: 1 }
const contacts = Array.from({ length: ROWS }, (_, index) => ({
  ...MOMENTS,
  id: String(index),
  firstName: `First ${index}`,
  lastName: `Last ${index}`,
  fullName: `First ${index} Last ${index}`,
  jobTitle: 'Engineer',
  department: null,
  companyId: String(index),
  ownerId: String(index % OWNERS),
}))
const company = (id: string) => ({
  ...MOMENTS,
  id,
  name: `Company ${id}`,
  status: 'CUSTOMER',
  domain: `c${id}.example`,
})
const user = (id: string) => ({ ...MOMENTS, id, name: `User ${id}`, email: `u${id}@example.com` })
const emails = (id: string) =>
  [0, 1].map((n) => ({ id: `${id}${n}`, email: `${n}@c${id}.example`, type: 'WORK', isPrimary: n === 0 }))
const phones = (id: string) =>
  [0, 1].map((n) => ({
    id: `${id}${n}`,
    number: `55${id}${n}`,
    numberE164: `+155${id}${n}`,
    type: 'WORK',
    isPrimary: n === 0,
  }))

/** Makes loaders over rows in memory; a loader is made for each request, as the real ones are. */
function loadersOf(read: (id: string) => unknown): () => DataLoader<{ id: string } | string, unknown, unknown> {
  const idOf = (key: { id: string } | string) => (typeof key === 'string' ? key : key.id)
  const rows = new Map(contacts.map(({ id }) => [id, read(id)]))
  return () => new DataLoader(async (keys) => keys.map((key) => rows.get(idOf(key))), { cacheKeyFn: idOf })
}

const newLoader = {
  company: loadersOf(company),
  user: loadersOf(user),
  emails: loadersOf(emails),
  phones: loadersOf(phones),
}

function newContext(): object {
  return {
    scope: { access: FULL_ACCESS },
    services: {},
    budget: createBudget(REQUEST_LIMITS, performance.now()),
    loaders: {
      companyById: newLoader.company(),
      userById: newLoader.user(),
      emailAddressesByOwner: newLoader.emails(),
      phoneNumbersByOwner: newLoader.phones(),
    },
  }
}

/** The schema with its own resolvers; only the two root fields give rows of memory. */
function memorySchema(): GraphQLSchema {
  const schema = createSchema(readSchema())
  const page = {
    edges: contacts.map((node) => ({ node, cursor: () => '' })),
    hasNextPage: true,
    endCursor: () => 'cursor',
  }
  const root = schema.getQueryType()
  if (!isObjectType(root)) throw new Error('no Query')
  Object.assign(root.getFields()['contacts'] as object, { resolve: () => ({ page: () => Promise.resolve(page) }) })
  Object.assign(root.getFields()['contact'] as object, { resolve: () => Promise.resolve(contacts[0]) })
  return schema
}

interface Result {
  readonly work: string
  readonly graphqlJsMs: number
  readonly compiledMs: number
  readonly ratio: number
  readonly answerBytes: number
}

/** CPU a request of execution and JSON, with loaders over memory: graphql-js and the compiled executor in turn. */
export async function run(): Promise<void> {
  const schema = memorySchema()
  const executor = createExecutor(schema, { maxCoercionErrors: 5, cache: { documents: 100, size: 50_000 } })
  const results: Result[] = []
  for (const [work, text] of Object.entries(WORKS)) {
    results.push(await compare(work, parse(text), schema, executor))
    console.error(work)
  }
  const lines = results.map(
    ({ work, graphqlJsMs, compiledMs, ratio, answerBytes }) =>
      `| ${work} | ${answerBytes} | ${graphqlJsMs.toFixed(3)} | ${compiledMs.toFixed(3)} | ${ratio.toFixed(2)} |`,
  )
  const head = ['| work | bytes | graphql-js, CPU ms | compiled, CPU ms | ratio |', '| --- | --- | --- | --- | --- |']
  const table = [...head, ...lines, ''].join('\n')
  mkdirSync(new URL('./results/', import.meta.url), { recursive: true })
  writeFileSync(new URL('./results/execution.md', import.meta.url), table)
  writeFileSync(new URL('./results/execution.json', import.meta.url), JSON.stringify(results, null, 2))
  console.log(table)
}

async function compare(
  work: string,
  document: DocumentNode,
  schema: GraphQLSchema,
  executor: ReturnType<typeof createExecutor>,
): Promise<Result> {
  const ways = [
    async () => JSON.stringify(await execute({ schema, document, contextValue: newContext() })),
    async () => JSON.stringify(await executor({ document, context: newContext() })),
  ] as const
  const [theirs, ours] = [await ways[0](), await ways[1]()]
  if (theirs !== ours || theirs.includes('"errors"')) throw new Error(`${work}: ${theirs}\n${ours}`)
  for (let call = 0; call < 2 * CALLS; call++) for (const way of ways) await way()
  const figures: [number[], number[]] = [[], []]
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    for (const index of [0, 1] as const) figures[index].push(await cpuMs(ways[index]))
  }
  const [graphqlJsMs, compiledMs] = [median(figures[0]), median(figures[1])]
  const ratio = median(figures[0].map((ms, index) => ms / (figures[1][index] ?? ms)))
  return { work, graphqlJsMs, compiledMs, ratio, answerBytes: theirs.length }
}

async function cpuMs(way: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  for (let call = 0; call < CALLS; call++) await way()
  const { user: userUs, system } = process.cpuUsage(before)
  return (userUs + system) / 1000 / CALLS
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
