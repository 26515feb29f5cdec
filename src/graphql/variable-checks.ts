import {
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  OperationTypeNode,
  typeFromAST,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'
import { AppError } from '../lib/errors.js'
import { formatCount } from '../lib/value/checked.js'

/**
 * How much the variables of a request may hold. A value counts as one, an object also as many as its type has fields, as each of
 * them is looked for: 300,000 times `{}` as filters, 4 kB of a body that is packed by gzip, held a server for 9 s. A million
 * take half a second. The largest filters hold some 20,000; 1,000 contacts with 50 custom fields each some 900,000.
 */
const MAX_WEIGHTS: Readonly<Record<OperationTypeNode, number>> = {
  [OperationTypeNode.QUERY]: 200_000,
  [OperationTypeNode.SUBSCRIPTION]: 200_000,
  [OperationTypeNode.MUTATION]: 2_000_000,
}
/** In UTF-16 units. The longest texts that a record may have are 65,536 characters, each of which may be composed of several. */
const MAX_TEXT_LENGTH = 4 * 65_536

/**
 * Refuses variables that are too large to be looked at closely, in time that is bounded whatever they hold. What doesn't
 * fit its type is left to graphql-js.
 * @throws BAD_USER_INPUT with the variable in `extensions.field`
 */
export function checkGivenVariables(
  schema: GraphQLSchema,
  { operation, variableDefinitions = [] }: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
): void {
  const budget = { left: MAX_WEIGHTS[operation] }
  for (const { variable, type: node } of variableDefinitions) {
    const name = variable.name.value
    const type = typeFromAST(schema, node)
    if (!isInputType(type) || !Object.hasOwn(given, name)) continue
    const problem = weigh(type, given[name], budget)
    if (problem) throw new AppError('BAD_USER_INPUT', problem, { extensions: { field: `$${name}` } })
  }
}

/** What is wrong with a value; undefined where nothing is. Bodies are nested 64 levels at most. */
function weigh(type: GraphQLInputType, value: unknown, budget: { left: number }): string | undefined {
  if (isNonNullType(type)) return weigh(type.ofType, value, budget)
  if (--budget.left < 0) return 'The variables hold too many values. Send fewer rows or conditions at once.'
  if (typeof value === 'string' && value.length > MAX_TEXT_LENGTH) {
    return `A text of ${formatCount(value.length)} characters is longer than any that is kept.`
  }
  if (typeof value !== 'object' || value === null) return undefined
  if (isListType(type)) {
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
      const problem = weigh(type.ofType, item, budget)
      if (problem) return problem
    }
    return undefined
  }
  if (!isInputObjectType(type)) return undefined
  const fields = type.getFields()
  budget.left -= fieldCountOf(type)
  for (const [name, item] of Object.entries(value)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    const problem = field ? weigh(field.type, item, budget) : undefined
    if (problem) return problem
    budget.left--
  }
  return undefined
}

// The fields of a type never change.
const fieldCounts = new WeakMap<GraphQLInputType, number>()

function fieldCountOf(type: Extract<GraphQLInputType, { getFields: unknown }>): number {
  const known = fieldCounts.get(type) ?? Object.keys(type.getFields()).length
  fieldCounts.set(type, known)
  return known
}
