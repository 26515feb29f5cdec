import { randomUUID } from 'node:crypto'
import type { GraphQLSchema } from 'graphql'
import type { StatementEvent } from '../../../../src/database/statement.js'
import type { TestApi } from '../../../support/api.js'
import type { TestTenant } from '../../../support/records.js'
import { createCall } from './call.js'
import { answerText, kindsFor, placeOf } from './foreign-id-walk.js'
import { createRecords, WALL_RECORD_KINDS, type WallRecordKind, type WallRecords } from './full-tenant.js'
import { idPositions, type IdPosition } from './id-positions.js'

/**
 * Which kinds of its own records a tenant may name at each place but those in filters, found by naming all; fresh
 * records at each place.
 */
export async function findAcceptedKinds(
  schema: GraphQLSchema,
  api: TestApi,
  tenant: TestTenant,
): Promise<{ kinds: Map<string, WallRecordKind[]>; statements: StatementEvent[] }> {
  const kinds = new Map<string, WallRecordKind[]>()
  const statements: StatementEvent[] = []
  let round = 0
  for (const position of idPositions(schema).filter(({ filtered }) => filtered === null)) {
    round++
    const unique = `n${round}`
    const email = `jane@${unique}.example`
    const taken = { name: unique, domain: `${unique}.example`, externalId: unique, email }
    const own = await createRecords(
      api.database,
      tenant,
      taken,
      /^(updateCompany|bulkUpdateCompanies)$/.test(position.field) ? 'Company' : 'Contact',
    )
    // What goes over into something needs two of a kind.
    const isOfTwo = position.field.startsWith('merge') || position.path.endsWith('replacementId')
    const second = {
      name: `p${round}`,
      domain: `p${round}.example`,
      externalId: `p${round}`,
      email: `jo@p${round}.example`,
    }
    const beside = isOfTwo ? await createRecords(api.database, tenant, second, 'Contact') : own
    const accepted: WallRecordKind[] = []
    for (const kind of WALL_RECORD_KINDS) {
      const { id, version } = own[kind]
      const probe = { position, id, version: position.version === 'version' ? version : undefined }
      const values = {
        name: `new ${unique}`,
        email: `${kind}@${unique}.example`,
        number: '+12125550199',
        handle: 'x',
        line1: 'y',
        firstName: 'z',
        place: 1,
        label: 'w',
        value: 'secret',
        intoValue: 'other',
        confirmedValues: 1,
        planHash: 'a-plan',
        hash: 'a-hash',
        column: 'Name',
        by: 'Somebody',
        minutes: 5,
      }
      const { query, variables } = createCall(schema, position.root, position.field, beside, probe, values)
      const ran = await api.statements(async () => {
        const { data, errors } = await api.run(tenant.principal(), query, variables)
        const value: unknown = data?.[position.field] ?? null
        const found = Array.isArray(value) ? (value as unknown[]).every((item) => item !== null) : value !== null
        const { userErrors = [] } = (found ? value : {}) as { userErrors?: unknown[] }
        if (!errors && found && userErrors.length === 0) accepted.push(kind)
      })
      statements.push(...ran)
    }
    kinds.set(placeOf(position), accepted)
  }
  return { kinds, statements }
}

/**
 * Which of a tenant's own ids make a difference at each place in a filter: with them it is answered otherwise than with
 * an id that exists nowhere.
 */
export async function findFilteredKinds(
  schema: GraphQLSchema,
  api: TestApi,
  tenant: TestTenant,
  own: WallRecords,
): Promise<{ kinds: Map<string, WallRecordKind[]>; statements: StatementEvent[] }> {
  const kinds = new Map<string, WallRecordKind[]>()
  const positions = idPositions(schema).filter(({ filtered }) => filtered !== null)
  const ask = async (position: IdPosition, id: string): Promise<string> => {
    const probe = { position, id, version: undefined }
    const { query, variables } = createCall(schema, position.root, position.field, own, probe)
    return answerText(await api.run(tenant.principal(), query, variables), id)
  }
  const statements = await api.statements(async () => {
    for (const position of positions) {
      const unknown = await ask(position, randomUUID())
      const found: WallRecordKind[] = []
      // An own id in an answer stays an own id there: what is compared is which rows there are.
      for (const kind of kindsFor(position)) {
        const { id } = own[kind]
        if ((await ask(position, id)) !== unknown.replaceAll(id, 'id')) found.push(kind)
      }
      kinds.set(placeOf(position), found)
    }
  })
  return { kinds, statements }
}
