import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type DocumentNode, execute, type ExecutionResult, getOperationAST, parse, print, validate } from 'graphql'
import { randomQuery } from '../../../bench/load/random-requests.js'
import { createDatabase } from '../../../src/database/database.js'
import { FULL_ACCESS, type Access } from '../../../src/access/scope.js'
import { loadDemo } from '../../../src/demo/load.js'
import { createDemoRandom } from '../../../src/demo/random.js'
import { findTenantBySlug } from '../../../src/features/tenant/tenant.service.js'
import { createContext, type GraphQLContext } from '../../../src/graphql/context.js'
import { createSchema } from '../../../src/graphql/executable-schema.js'
import { createExecutor } from '../../../src/graphql/executor/executor.js'
import { REQUEST_LIMITS } from '../../../src/graphql/limits.js'
import { checkRequest } from '../../../src/graphql/request-checks.js'
import type { Principal } from '../../../src/lib/principal.js'
import { readSchema } from '../../../src/graphql/schema-text.js'
import { createServices } from '../../../src/start/services.js'
import { processEnvironment, testSeed } from '../../setup/test-run.js'
import { TEST_SECRET } from '../../support/api.js'
import { openDesk, type Desk } from '../../support/desk.js'

const seed = testSeed()
const QUERIES = Math.ceil(Number(processEnvironment()['KITH_TEST_OPERATIONS'] ?? 1500) / 10)
const MAX_COST = 2000
const PATIENT = { statementTimeoutMs: 60_000 }
const LIMITS = { ...REQUEST_LIMITS, durationMs: 60_000 }
const NOW = new Date('2026-10-01T09:00:00.000Z')
const schema = createSchema(readSchema())

/** Hides what reads as null, as an empty list, and as an error. */
const HIDDEN = new Set(['Contact.jobTitle', 'Contact.emailAddresses', 'Company.name'])
const RESTRICTED: Access = { rows: () => null, maySee: (concept, field) => !HIDDEN.has(`${concept}.${field}`) }

let desk: Desk
let principal: Principal

beforeAll(async () => {
  // A busy machine must not end a request on one side alone.
  desk = await openDesk((options) => createDatabase({ ...options, timeouts: { ...options.timeouts, ...PATIENT } }))
  await loadDemo(desk.api.database, { tenantSlug: 'real', contacts: 300, companies: 100, now: NOW })
  const tenant = await findTenantBySlug(desk.api.database, 'real')
  if (!tenant) throw new Error('no tenant')
  principal = { tenant, userId: null, role: 'ADMIN' }
})

afterAll(() => desk.close())

/** A whole answer as text. */
async function tell(access: Access, run: (context: GraphQLContext) => ReturnType<typeof execute>): Promise<string> {
  const services = createServices(desk.api.database, TEST_SECRET, { accessOf: () => access, limits: LIMITS })
  const result: ExecutionResult = await run(createContext(services, 'a request', principal, NOW))
  return JSON.stringify(result)
}

/** Whether it is a query that a client may ask. */
function isAllowed(document: DocumentNode): boolean {
  // Times are those of the moment: no two answers are the same.
  if (print(document).includes('performance')) return false
  if (validate(schema, document).length > 0) return false
  const services = createServices(desk.api.database, TEST_SECRET)
  const context = createContext(services, 'a request', principal, NOW)
  let costs = 0
  try {
    const operation = getOperationAST(document)
    if (operation) checkRequest(schema, document, operation, {}, context, (cost) => (costs = cost))
  } catch {
    return false
  }
  return costs <= MAX_COST
}

test(
  `${QUERIES} random queries of the real schema give what graphql-js gives (seed ${seed})`,
  async () => {
    const random = createDemoRandom('queries', 0).row('requests', seed)
    const executor = createExecutor(schema, { maxCoercionErrors: 5, cache: { documents: 10, size: 1000 } })
    let [asked, withErrors, withRows] = [0, 0, 0]
    for (let index = 0; asked < QUERIES; index++) {
      // One that fails for certain, as `name` can't be null and is hidden from every other query.
      const isSecond = asked === 1
      const query = isSecond ? '{ companies { nodes { id name } } }' : randomQuery(schema, random, (index % 10) / 20)
      const document = parse(query)
      if (!isAllowed(document)) continue
      const access = asked++ % 2 === 0 ? FULL_ACCESS : RESTRICTED
      const theirs = await tell(access, (contextValue) => execute({ schema, document, contextValue }))
      const ours = await tell(access, (context) => executor({ document, context }))
      expect({ query, answer: ours }).toEqual({ query, answer: theirs })
      if (theirs.includes('"errors"')) withErrors += 1
      if (/"nodes":\[\{|"edges":\[\{/.test(theirs)) withRows += 1
    }
    expect(withErrors).toBeGreaterThan(0)
    expect(withRows).toBeGreaterThan(QUERIES / 4)
  },
  60_000 + QUERIES * 300,
)
