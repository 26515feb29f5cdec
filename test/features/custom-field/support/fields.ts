import type { Principal } from '../../../../src/lib/principal.js'
import type { Desk } from '../../../support/desk.js'

/** All that is said of a definition. */
export const FIELD = `id entityType key label description type group position isRequired isUnique
  constraints { minLength maxLength pattern min max minDaysFromToday maxDaysFromToday precision scale currencies }
  options { value label isArchived } defaultValue archivedAt version createdAt updatedAt`

/** A definition as the API gives it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Field = Record<string, any> & { readonly id: string }

/** Creates a custom field, of contacts and TEXT unless said; it must not be refused. */
export async function createField(desk: Desk, admin: Principal, input: { key: string } & object): Promise<Field> {
  const all = { entityType: 'CONTACT', label: input.key, type: 'TEXT', ...input }
  const payload = await desk.mutate(admin, 'createCustomFieldDefinition', all, `customFieldDefinition { ${FIELD} }`)
  if (payload.userErrors.length > 0) throw new Error(JSON.stringify(payload.userErrors))
  return payload['customFieldDefinition'] as Field
}

/** The custom fields of an entity type as the API lists them. */
export async function listFields(
  desk: Desk,
  principal: Principal,
  entityType = 'CONTACT',
  includeArchived = false,
): Promise<Field[]> {
  const query = `query ($entityType: CustomFieldEntityType!, $includeArchived: Boolean!) {
    customFieldDefinitions(entityType: $entityType, includeArchived: $includeArchived) { ${FIELD} } }`
  return (await desk.ask(principal, query, { entityType, includeArchived }))['customFieldDefinitions'] as Field[]
}
