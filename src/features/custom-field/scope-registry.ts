import type { Scope } from '../../access/scope.js'
import type { CustomField, CustomFieldsByKey } from '../../concepts/custom-fields.js'
import { withCustomFields, type Registry } from '../../concepts/registry.js'
import type { CustomFieldDefinitionRow } from './custom-field.columns.js'
import type { CustomFieldServices } from './definition.service.js'
import { knownDefinitions } from './owned-values.service.js'

type Definitions = readonly CustomFieldDefinitionRow[]

// Made once for the definitions that a process knows of a tenant: they go together.
const registries = new WeakMap<Definitions, Registry>()

/**
 * The registry of a tenant's scope: what all scopes know, and the tenant's custom fields. No statement where the process
 * knows the fields.
 * @throws SERVICE_UNAVAILABLE, TIMEOUT
 */
export async function registryOfTenant(
  tenantId: string,
  services: CustomFieldServices & { readonly registry: Registry },
): Promise<Registry> {
  const { registry } = services
  const known = await knownDefinitions(tenantId, services)
  const made = registries.get(known) ?? withCustomFields(registry, fieldsByConcept(registry, known))
  registries.set(known, made)
  return made
}

/** The scope with a registry that knows its tenant's custom fields. @throws SERVICE_UNAVAILABLE, TIMEOUT */
export async function withTenantFields(scope: Scope, services: Parameters<typeof registryOfTenant>[1]): Promise<Scope> {
  return { ...scope, registry: await registryOfTenant(scope.tenantId, services) }
}

function fieldsByConcept({ concepts }: Registry, definitions: Definitions): Map<string, CustomFieldsByKey> {
  const owners = concepts.filter(({ entityType }) => entityType !== undefined)
  return new Map(
    owners.map(({ name, entityType }) => {
      const own = definitions.filter((definition) => definition.entityType === entityType)
      return [name, new Map(own.map((definition): [string, CustomField] => [definition.key, definition]))]
    }),
  )
}
