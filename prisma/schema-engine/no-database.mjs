import { ColumnTypeEnum, DriverAdapterError } from '@prisma/driver-adapter-utils'

// What the engine asks at its start, whatever it is for: whether the schema exists, and which server this is.
const START_QUERY = /^SELECT EXISTS\(SELECT 1 FROM pg_namespace .*version\(\)/
const START_ANSWER = {
  columnNames: ['exists', 'version', 'numeric_version'],
  columnTypes: [ColumnTypeEnum.Boolean, ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
  rows: [[true, 'PostgreSQL 15.0', 150000]],
}

async function refuse() {
  const message = 'This command needs a database, and no URL is set for it.'
  throw new DriverAdapterError({ kind: 'postgres', code: '08001', severity: 'ERROR', message })
}

/**
 * The adapter of commands without a database, such as a diff between schema files. Without it the engine would try
 * whatever listens on this machine's port 5432.
 */
export function withoutDatabase() {
  const adapter = {
    provider: 'postgres',
    adapterName: 'no-database',
    /** @param {{ sql: string }} query */
    queryRaw: async ({ sql }) => (START_QUERY.test(sql) ? START_ANSWER : refuse()),
    executeRaw: refuse,
    executeScript: refuse,
    startTransaction: refuse,
    dispose: async () => undefined,
    getConnectionInfo: () => ({ schemaName: undefined, supportsRelationJoins: true }),
  }
  return { ...adapter, connect: async () => adapter, connectToShadowDb: refuse }
}
