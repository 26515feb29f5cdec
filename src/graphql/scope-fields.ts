import { visit, type DocumentNode, type ValueNode } from 'graphql'
import { registryOfTenant } from '../features/custom-field/scope-registry.js'
import { createReaders, type GraphQLContext } from './context.js'

/** The arguments of lists that may name custom fields, and how they do. */
const ARGUMENTS = new Set(['filter', 'orderBy'])
const NAMES = new Set(['customFields', 'customField'])

/**
 * Lets the scope of a request know its tenant's custom fields where a filter or an order names one: other requests pay
 * nothing for them.
 * @throws SERVICE_UNAVAILABLE, TIMEOUT
 */
export async function addCustomFields(
  context: GraphQLContext,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
): Promise<void> {
  if (!context.principal || !namesCustomFields(document, variables)) return
  const { services, selection } = context
  const registry = await registryOfTenant(context.scope.tenantId, services)
  Object.assign(context, createReaders({ ...context.scope, registry }, services, selection))
}

function namesCustomFields(document: DocumentNode, variables: Readonly<Record<string, unknown>>): boolean {
  // Most requests are told by their text alone: a walk through one of 2,000 tokens takes half a millisecond.
  const text = document.loc?.source.body ?? 'customField'
  if (!text.includes('customField') && !hasName(variables)) return false
  let isNamed = false
  const look = (value: ValueNode): void => {
    visit(value, {
      ObjectField: ({ name }) => {
        isNamed ||= NAMES.has(name.value)
      },
      Variable: ({ name }) => {
        isNamed ||= hasName(variables[name.value])
      },
    })
  }
  visit(document, {
    Argument: ({ name, value }) => {
      if (ARGUMENTS.has(name.value)) look(value)
      return false
    },
  })
  return isNamed
}

function hasName(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return false
  if (Array.isArray(value)) return value.some(hasName)
  return Object.entries(value).some(([name, inner]) => NAMES.has(name) || hasName(inner))
}
