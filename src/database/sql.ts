import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type Compilable,
  type RawBuilder,
} from 'kysely'
import type { DB } from '../generated/tables.js'
import type { Statement } from './statement.js'

/**
 * The SQL builder over the table types that come from the Prisma schema. It only writes SQL: what it compiles runs in
 * flights and transactions, never by itself.
 */
const sqlBuilder = new Kysely<DB>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
})

/** A built query as a statement, sent unnamed: for texts that change with their arguments. */
export function statement(label: string, query: Compilable | RawBuilder<unknown>): Statement {
  const { sql, parameters } = 'isRawBuilder' in query ? query.compile(sqlBuilder) : query.compile()
  return { label, text: sql, values: parameters }
}

/** A built query as a statement that the server keeps prepared: its text must not depend on the arguments. */
export function preparedStatement(label: string, query: Compilable | RawBuilder<unknown>): Statement {
  return { ...statement(label, query), prepared: true }
}
