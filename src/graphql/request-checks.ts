import {
  getVariableValues,
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'
import { FULL_ACCESS } from '../access/scope.js'
import { AppError } from '../lib/errors.js'
import { checkArguments, type ArgumentRules } from './argument-checks.js'
import type { GraphQLContext } from './context.js'
import { CONCEPTS } from './features.js'
import { checkLimits } from './limits.js'
import { requestSize } from './request-cost.js'
import { fragmentsOf } from './fragments.js'
import { selectedFields } from './selection.js'
import { checkGivenVariables } from './variable-checks.js'

/** Fields of up to 65,536 characters, which no list is ordered by: `Contact.notes`. */
const LONG_TEXTS = new Set(
  CONCEPTS.flatMap(({ name, fields }) =>
    Object.entries(fields).flatMap(([field, { isOrderless }]) => (isOrderless ? [`${name}.${field}`] : [])),
  ),
)

/**
 * Refuses a request by what its document and its variables say, before any of it runs. Its cost is told to `onCost`,
 * also where it is too high; what it selects is noted in the context. Variables that don't fit their types are left to the executor, which refuses them.
 * @throws UNAUTHENTICATED, BAD_USER_INPUT, FORBIDDEN, INVALID_CURSOR, LIMIT_…
 */
export function checkRequest(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  given: Record<string, unknown>,
  context: GraphQLContext,
  onCost: (cost: number) => void,
): void {
  if (!context.principal && !context.isOperator && !isIntrospection(operation)) {
    throw new AppError('UNAUTHENTICATED', 'A valid bearer token is needed.')
  }
  if (operation.operation === OperationTypeNode.SUBSCRIPTION) {
    throw new AppError(
      'BAD_USER_INPUT',
      'There are no subscriptions here: ask by a query, again where it may have changed.',
    )
  }
  checkGivenVariables(schema, operation, given)
  const { coerced: variables } = getVariableValues(schema, operation.variableDefinitions ?? [], given, { maxErrors: 1 })
  if (!variables) return
  const fragments = fragmentsOf(document)
  const args = checkArguments(schema, fragments, operation, variables, rulesOf(context))
  const size = requestSize({ schema, operation, fragments, variables, args, longTexts: LONG_TEXTS })
  onCost(Math.round(size.cost))
  checkLimits(size, operation, context.services.limits)
  if (context.principal) context.selection.fieldsOf = selectedFields(schema, operation, fragments)
}

/** What arguments are held against; nobody's introspection has no rows, so nothing of them is hidden. */
function rulesOf({ principal, scope, services: { registry } }: GraphQLContext): ArgumentRules {
  if (!principal) return { registry, access: FULL_ACCESS, country: null, userId: null, role: null }
  const { tenant, userId, role } = principal
  return { registry: scope.registry, access: scope.access, country: tenant.defaultCountry, userId, role }
}

function isIntrospection(operation: OperationDefinitionNode): boolean {
  return operation.selectionSet.selections.every(
    (selection) => selection.kind === Kind.FIELD && selection.name.value.startsWith('__'),
  )
}

const MAX_ERRORS = 100

/** The errors of an answer, 100 at most: a page of rows whose database went away would have one for each. */
export function boundedErrors(errors: readonly GraphQLFormattedError[]): readonly GraphQLFormattedError[] {
  if (errors.length <= MAX_ERRORS) return errors
  const [first] = errors as [GraphQLFormattedError]
  const left = errors.length - MAX_ERRORS + 1
  return [
    ...errors.slice(0, MAX_ERRORS - 1),
    { ...first, message: `There are ${left} more errors, the first of them: ${errors[MAX_ERRORS - 1]?.message ?? ''}` },
  ]
}
