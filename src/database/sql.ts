import { compileSql, type Sql } from '../lib/sql.js'
import type { Statement } from './statement.js'

/** A fragment as a statement, sent unnamed: for texts that change with their arguments. */
export function statement(label: string, fragment: Sql): Statement {
  return { label, ...compileSql(fragment) }
}

/** A fragment as a statement that the server keeps prepared: its text must not depend on the arguments. */
export function preparedStatement(label: string, fragment: Sql): Statement {
  return { ...statement(label, fragment), prepared: true }
}
