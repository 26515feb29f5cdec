import type { Transaction } from '../database/transaction.js'
import type { CustomFieldEntityType } from '../concepts/custom-fields.js'
import type { TenantSettings } from '../lib/principal.js'
import { DEMO_FIELDS, type DemoValue } from './custom-fields.js'
import type { Insert } from './insert.js'
import type { DemoRandom } from './random.js'

/** The ids of the custom fields that the generator names, by entity type and key. */
export type DemoFieldIds = ReadonlyMap<string, string>

/**
 * Makes the tenant's custom fields where their keys are free, and returns the ids of all that are the demo's own: of a
 * field that the tenant has under the same key no value is made.
 */
export async function ensureFields(
  insert: Insert,
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
  await insert(tx, 'custom_field_definitions', tenant.id, rows)
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

interface FieldsLoad {
  readonly insert: Insert
  readonly tenant: TenantSettings
  readonly random: DemoRandom
  readonly lists: { readonly fields: DemoFieldIds }
}

/** A record that values are made of. */
interface DemoOwner {
  readonly id: string
  readonly index: number
  readonly createdAt: Date
}

/** Inserts the custom values of new records. */
export async function insertValues(
  { insert, tenant, random, lists }: FieldsLoad,
  tx: Transaction,
  entityType: CustomFieldEntityType,
  given: readonly { readonly owner: DemoOwner; readonly values: readonly DemoValue[] }[],
): Promise<void> {
  const rows = given.flatMap(({ owner, values }) =>
    values.flatMap(({ key, columns }) => {
      const name = nameOf(entityType, key)
      const definitionId = lists.fields.get(name)
      return definitionId === undefined
        ? []
        : [{ owner, id: random.id(name, owner.index, owner.createdAt), definitionId, columns }]
    }),
  )
  await insert(tx, 'custom_field_values', tenant.id, rows, ({ owner, id, definitionId, columns }, property) => {
    if (property === 'id') return id
    if (property === 'definitionId') return definitionId
    if (property === 'entityId') return owner.id
    if (property === 'entityType') return entityType
    return property === 'createdAt' || property === 'updatedAt' ? owner.createdAt : columns[property]
  })
}
