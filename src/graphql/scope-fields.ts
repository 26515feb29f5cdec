import { visit, type DocumentNode } from 'graphql'
import { registryOfTenant } from '../features/custom-field/scope-registry.js'
import { createReaders, type GraphQLContext } from './context.js'

/** The arguments of lists that may name custom fields. */
const ARGUMENTS = new Set(['filter', 'orderBy'])
/** How they do, where the field is a related record's too: `companyCustomField`. */
const NAME = /^customFields?$|CustomField$/

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
  if (!/[cC]ustomField/.test(text) && !hasName(variables)) return false
  const found = known.get(document) ?? look(document)
  known.set(document, found)
  return found.isNamed || found.variables.some((name) => hasName(variables[name]))
}

/** What the arguments of a document's lists say. */
interface Looked {
  /** whether one names a custom field */
  readonly isNamed: boolean
  /** the variables in them */
  readonly variables: readonly string[]
}

// Documents are kept by Apollo, so one that is asked again is the same object.
const known = new WeakMap<DocumentNode, Looked>()

function look(document: DocumentNode): Looked {
  let isNamed = false
  const variables: string[] = []
  visit(document, {
    Argument: ({ name, value }) => {
      if (!ARGUMENTS.has(name.value)) return false
      visit(value, {
        ObjectField: (field) => {
          isNamed ||= NAME.test(field.name.value)
        },
        Variable: (variable) => void variables.push(variable.name.value),
      })
      return false
    },
  })
  return { isNamed, variables }
}

function hasName(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return false
  if (Array.isArray(value)) return value.some(hasName)
  return Object.entries(value).some(([name, inner]) => NAME.test(name) || hasName(inner))
}
