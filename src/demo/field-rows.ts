import type { Transaction } from '../database/transaction.js'
import type { CustomFieldEntityType } from '../concepts/custom-fields.js'
import { valueColumns } from '../features/custom-field/custom-value.input.js'
import type { TenantSettings } from '../lib/principal.js'
import { DEMO_FIELDS, type DemoValue } from './custom-fields.js'
import { insertRows } from './insert.js'
import type { DemoRandom } from './random.js'

/** The ids of the custom fields that the generator names, by entity type and key. */
export type DemoFieldIds = ReadonlyMap<string, string>

/**
 * Makes the tenant's custom fields where their keys are free, and returns the ids of all that are the demo's own: of a
 * field that the tenant has under the same key no value is made.
 */
export async function ensureFields(
  tx: Transaction,
  tenant: TenantSettings,
  random: DemoRandom,
  began: Date,
): Promise<DemoFieldIds> {
  const rows = DEMO_FIELDS.map((field, index) => ({
    id: random.id('field', index, began),
    createdAt: began,
    updatedAt: began,
    ...field,
    isRequired: false,
    position: 1 + DEMO_FIELDS.slice(0, index).filter(({ entityType }) => entityType === field.entityType).length,
    version: 1,
  }))
  await insertRows(tx, 'custom_field_definitions', tenant.id, rows)
  const found = await tx.sql<{ id: string }>({
    label: 'demo.fields',
    text: 'select id from custom_field_definitions where tenant_id = $1 and id = any($2::uuid[])',
    values: [tenant.id, rows.map(({ id }) => id)],
  })
  const present = new Set(found.map(({ id }) => id))
  return new Map(rows.flatMap(({ id, entityType, key }) => (present.has(id) ? [[nameOf(entityType, key), id]] : [])))
}

function nameOf(entityType: CustomFieldEntityType, key: string): string {
  return `${entityType} ${key}`
}

/** A record that values are made of. */
export interface DemoOwner {
  readonly id: string
  readonly index: number
  readonly createdAt: Date
  readonly values: readonly DemoValue[]
}

const NOTHING = { ...valueColumns({}), uniqueKey: null }

/** Inserts the custom values of new records. */
export async function insertValues(
  tx: Transaction,
  tenant: TenantSettings,
  random: DemoRandom,
  fields: DemoFieldIds,
  entityType: CustomFieldEntityType,
  owners: readonly DemoOwner[],
): Promise<void> {
  const rows = owners.flatMap(({ id: entityId, index, createdAt, values }) =>
    values.flatMap(({ key, columns }) => {
      const definitionId = fields.get(nameOf(entityType, key))
      if (definitionId === undefined) return []
      const id = random.id(`${entityType} ${key}`, index, createdAt)
      return [{ id, createdAt, updatedAt: createdAt, entityType, entityId, definitionId, ...NOTHING, ...columns }]
    }),
  )
  await insertRows(tx, 'custom_field_values', tenant.id, rows)
}
