import type { GraphQLSchema } from 'graphql'
import type { StatementEvent } from '../../../src/database/statement.js'
import type { TestApi } from '../api.js'
import type { TestTenant } from '../records.js'
import { createCall } from './call.js'
import { placeOf } from './foreign-id-walk.js'
import { createRecords, WALL_RECORD_KINDS, type WallRecordKind } from './full-tenant.js'
import { idPositions } from './id-positions.js'

/** Which kinds of its own records a tenant may name at each place, found by naming all; fresh records at each place. */
export async function findAcceptedKinds(
  schema: GraphQLSchema,
  api: TestApi,
  tenant: TestTenant,
): Promise<{ kinds: Map<string, WallRecordKind[]>; statements: StatementEvent[] }> {
  const kinds = new Map<string, WallRecordKind[]>()
  const statements: StatementEvent[] = []
  let round = 0
  for (const position of idPositions(schema)) {
    round++
    const unique = `n${round}`
    const email = `jane@${unique}.example`
    const taken = { name: unique, domain: `${unique}.example`, externalId: unique, email }
    const own = await createRecords(
      api.database,
      tenant,
      taken,
      position.field === 'updateCompany' ? 'Company' : 'Contact',
    )
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
      }
      const { query, variables } = createCall(schema, position.root, position.field, own, probe, values)
      const ran = await api.statements(async () => {
        const { data, errors } = await api.run(tenant.principal(), query, variables)
        const value: unknown = data?.[position.field]
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
