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
export async function createField(
  desk: Desk,
  admin: Principal,
  input: { readonly key: string; readonly [part: string]: unknown },
): Promise<Field> {
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

/** All that is said of the values of a record. */
export const VALUES = `customFields { __typename key value
  ... on CustomTextValue { text } ... on CustomNumberValue { number } ... on CustomDecimalValue { decimal }
  ... on CustomDateValue { date } ... on CustomDateTimeValue { dateTime } ... on CustomBooleanValue { boolean }
  ... on CustomOptionValue { option { value label isArchived } }
  ... on CustomOptionsValue { options { value label isArchived } }
  ... on CustomUrlValue { url } ... on CustomEmailValue { email } ... on CustomPhoneValue { phone }
  ... on CustomCurrencyValue { amount currency } }`

/** The plain values of a contact or company by their keys. */
export async function plainValues(desk: Desk, principal: Principal, id: string, type = 'contact') {
  const query = `query ($id: ID!) { ${type}(id: $id) { version customFields { key value } } }`
  const record = (await desk.ask(principal, query, { id }))[type]
  const entries = record.customFields.map(({ key, value }: { key: string; value: unknown }) => [key, value])
  return { version: record.version as number, values: Object.fromEntries(entries) as Record<string, unknown> }
}
