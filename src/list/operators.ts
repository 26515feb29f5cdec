import { sql, type Sql } from '../lib/sql.js'
import { sqlTypeOf as sqlType } from '../concepts/columns.js'
import type { RowState } from '../access/row-condition.js'
import type { ConceptField } from '../concepts/concept-fields.js'
import type { Scope } from '../access/scope.js'
import type { FilterNode } from './filter-node.js'
import type { OperandValue, RelativeDays } from './operands.js'
import { textSql } from './text-operators.js'

type Test = Extract<FilterNode, { kind: 'test' }>
type Condition = Sql<boolean>

/** The type of a field's values in SQL: `timestamptz`. */
export function typeOfField(field: ConceptField): Sql {
  return sql.raw(sqlType(field.kind))
}

/**
 * One operator of one field as a condition on the rows of `alias`: `c.birth_date >= $1::date`. Where the row has no
 * value it is true for `ne` and `notIn`, else NULL. Texts have a file of their own, text-operators.ts.
 *
 * No live row has a `deleted_at`: it is written as the constant there, so that the planner sees at once that
 * `deletedAt: { gte: … }` finds none. By the column it would look at every live row.
 */
export function testSql(scope: Scope, test: Test, alias: string, state: RowState): Condition {
  const { field, operator, operand } = test
  if (operator === 'isNull') {
    // The index of a text is on its folded column, which is null where the text is.
    const folded = field.kind === 'phone' ? undefined : field.folded
    const column = isNeverSet(field, state) ? NO_MOMENT : sql.ref(`${alias}.${folded ?? field.column}`)
    return operand === true ? sql`${column} is null` : sql`${column} is not null`
  }
  if (field.kind === 'text' || field.kind === 'domain') return textSql(test, alias)
  const column = isNeverSet(field, state) ? NO_MOMENT : sql.ref(`${alias}.${field.column}`)
  const type = typeOfField(field)
  const value = (given: unknown): Sql => sql`${given}::${type}`
  switch (operator) {
    case 'eq':
      return sql`${column} = ${value(operand)}`
    case 'ne':
      return sql`${column} is distinct from ${value(operand)}`
    case 'in':
      return sql`${column} = any(${operand}::${type}[])`
    case 'notIn':
      return sql`(${column} = any(${operand}::${type}[])) is not true`
    case 'lt':
      return sql`${column} < ${value(operand)}`
    case 'lte':
      return sql`${column} <= ${value(operand)}`
    case 'gt':
      return sql`${column} > ${value(operand)}`
    case 'gte':
      return sql`${column} >= ${value(operand)}`
    case 'between': {
      const [from, to] = operand as readonly OperandValue[]
      return sql`${column} between ${value(from)} and ${value(to)}`
    }
    case 'startsWith':
      return sql`${column} collate "C" like ${`${operand as string}%`}`
    // The folded column of a phone number has its digits backwards, so that its end is found like a start.
    case 'endsWith':
      return sql`${sql.ref(`${alias}.${field.folded ?? field.column}`)} collate "C" like ${`${[...(operand as string)].reverse().join('')}%`}`
    case 'withinDays':
      return withinDays(scope, field, column, operand as number)
    case 'relative':
      return daysBetween(scope, field, column, operand as RelativeDays)
    case 'olderThanDays':
      return field.kind === 'date'
        ? sql`${column} < ${day(scope, -(operand as number))}`
        : sql`${column} < ${startOfDay(scope, -(operand as number))}`
    default:
      throw new Error(`no operator ${operator} for ${field.kind}`)
  }
}

const NO_MOMENT = sql`null::timestamptz`

/** Whether no row of a state has a value in a field. */
export function isNeverSet({ column }: ConceptField, state: RowState): boolean {
  return state === 'live' && column === 'deleted_at'
}

/** `withinDays: 7` is today and the 7 days before, `withinDays: -7` today and the 7 days to come. */
function withinDays(scope: Scope, field: ConceptField, column: Sql, days: number): Condition {
  return daysBetween(scope, field, column, days >= 0 ? { from: -days, to: 0 } : { from: 0, to: -days })
}

/**
 * From the start of day `from` to the end of day `to`, 0 being today. A side that isn't given is open; one of them is.
 */
function daysBetween(scope: Scope, field: ConceptField, column: Sql, { from, to }: RelativeDays): Condition {
  const isDate = field.kind === 'date'
  const sides: Condition[] = []
  if (from !== undefined) sides.push(sql`${column} >= ${isDate ? day(scope, from) : startOfDay(scope, from)}`)
  if (to !== undefined) {
    sides.push(isDate ? sql`${column} <= ${day(scope, to)}` : sql`${column} < ${startOfDay(scope, to + 1)}`)
  }
  return sql`(${sql.join(sides, sql` and `)})`
}

/**
 * The date so many days after today in the tenant's time zone. PostgreSQL knows the zones and when clocks are changed.
 */
function day({ now, principal }: Scope, offset: number): Sql {
  const zone = principal.tenant.timeZone ?? 'UTC'
  return sql`((${now.toISOString()}::timestamptz at time zone ${zone}::text)::date + ${offset}::int)`
}

/**
 * The first moment of that day. Midnight may come twice (clocks go back at 1:00; PostgreSQL takes the second) or never
 * (clocks go forward at 0:00). So the day begins behind the last microsecond of the day before, where that is earlier.
 */
function startOfDay(scope: Scope, offset: number): Sql {
  const zone = sql`${scope.principal.tenant.timeZone ?? 'UTC'}::text`
  const midnight = sql`${day(scope, offset)}::timestamp`
  return sql`least(${midnight} at time zone ${zone}, (${midnight} - interval '1 microsecond') at time zone ${zone} + interval '1 microsecond')`
}
