import type { Principal } from '../../../../src/lib/principal.js'
import { expect } from '@jest/globals'
import { openTenant, type Answered, type Desk } from '../../../support/desk.js'
import { createField, plainValues } from './fields.js'

const PLAN = `plan { total converts lossy needsMapping fails losesUnique losesDefault planHash
  examples { recordId before outcome after problem } }`
export const CHANGED = `customFieldDefinition { id key type isUnique version archivedAt
  change { state total converted failed finishedAt replaced { id archivedAt expiresAt } } }`

/** Plans a change of a field. */
export function planChange(desk: Desk, admin: Principal, input: object): Promise<Answered> {
  return desk.mutate(admin, 'planCustomFieldChange', input, PLAN)
}

/** Applies a change with the hash of its plan. */
export function applyChange(desk: Desk, admin: Principal, input: object): Promise<Answered> {
  return desk.mutate(admin, 'applyCustomFieldChange', input, CHANGED)
}

/** Takes a change back. */
export function undoChange(desk: Desk, admin: Principal, input: object): Promise<Answered> {
  return desk.mutate(admin, 'undoCustomFieldChange', input, CHANGED)
}

/** Plans a change and applies it; neither may be refused. Gives the plan and the field as it is then. */
export async function changeField(desk: Desk, admin: Principal, input: object) {
  const { plan, userErrors } = await planChange(desk, admin, input)
  if (userErrors.length > 0) throw new Error(JSON.stringify(userErrors))
  const applied = await applyChange(desk, admin, { ...input, planHash: plan.planHash })
  if (applied.userErrors.length > 0) throw new Error(JSON.stringify(applied.userErrors))
  return { plan, field: applied['customFieldDefinition'] }
}

/** The values of a definition as their rows have them, by record. */
export function valueRows(desk: Desk, definitionId: string) {
  const text = `select id, entity_id, created_at, updated_at, text_value, number_value::text, boolean_value, date_value::text,
    datetime_value, option_values, currency_code, unique_key from custom_field_values where definition_id = $1 order by entity_id`
  return desk.sql(text, [definitionId])
}

/** A definition as its row has it, without what each write counts up. */
export async function definitionRow(desk: Desk, id: string) {
  const text = `select to_jsonb(d) - 'version' - 'updated_at' as row from custom_field_definitions d where id = $1`
  return (await desk.sql(text, [id]))[0]?.['row'] as Record<string, unknown>
}

/** A tenant with one field of contacts and contacts with these values of it. */
export async function openField(at: Desk, type: string, values: readonly object[], more: object = {}) {
  const { tenant, admin } = await openTenant(at)
  const field = await createField(at, admin, { key: 'own', type, ...more })
  const ids: string[] = []
  for (const value of values) {
    const input = { firstName: 'Ada', customFields: [{ key: 'own', ...value }] }
    const { contact, userErrors } = await at.mutate(admin, 'createContact', input, 'contact { id }')
    expect(userErrors).toEqual([])
    ids.push(contact.id as string)
  }
  return { tenant, admin, id: field.id, ids, field }
}

/** The plain values of that field that some contacts have. */
export const plainOf = async (at: Desk, admin: Principal, ids: readonly string[]) => {
  const read = await Promise.all(ids.map((id) => plainValues(at, admin, id)))
  return read.map(({ values }) => values['own'] ?? null)
}
