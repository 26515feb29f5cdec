import { compileSql, type Sql } from '../lib/sql.js'
import type { Statement } from './statement.js'

/** A fragment as a statement, sent unnamed: for texts that change with their arguments. */
export function statement(label: string, fragment: Sql): Statement {
  const { text, values } = compileSql(fragment)
  return { label, text, values }
}

/** A fragment as a statement that the server keeps prepared: its text must not depend on the arguments. */
export function preparedStatement(label: string, fragment: Sql): Statement {
  const { text, values } = compileSql(fragment)
  return { label, text, values, prepared: true }
}
