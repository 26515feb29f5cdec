/** A custom field of the large tenant's contacts, or companies, with the SQL of its values; null where a record has none. */
interface PlansField {
  readonly key: string
  /** CONTACT unless said */
  readonly entityType?: 'COMPANY'
  readonly type: string
  readonly column: string
  readonly value: string
  readonly options?: readonly string[]
}

// A number of 0 to 999,999 for each record and field, always the same.
const chance = (seed: number): string => `abs(hashtextextended(c.id::text, ${seed}) % 1000000)`
const TENTHS = Array.from({ length: 10 }, (_, index) => `tenth_${index}`)

/**
 * Ten fields that the demo data has none like: values that 0.1, 10 and 90 % of the contacts have, and fields that 0.1, 50 and
 * 99.9 % of them have a value of. One of companies goes with them, by which contacts are ordered.
 */
const PLANS_FIELDS: readonly PlansField[] = [
  { key: 'plan_rare', type: 'TEXT', column: 'text_value', value: `'code ' || ${chance(11)} / 1000` },
  { key: 'plan_tenth', type: 'DROPDOWN', column: 'text_value', value: `'tenth_' || ${chance(12)} / 100000`, options: TENTHS },
  { key: 'plan_most', type: 'DROPDOWN', column: 'text_value', value: `case when ${chance(13)} < 900000 then 'yes' else 'no' end`, options: ['yes', 'no'] },
  { key: 'plan_number', type: 'NUMBER', column: 'number_value', value: chance(14) },
  { key: 'plan_day', type: 'DATE', column: 'date_value', value: `date '2020-01-01' + (${chance(15)} / 500)::int` },
  { key: 'plan_note', type: 'TEXT', column: 'text_value', value: `'note ' || ${chance(16)} || case when ${chance(17)} < 100000 then ' wanted' else '' end` },
  { key: 'plan_flag', type: 'BOOLEAN', column: 'boolean_value', value: `${chance(18)} < 500000` },
  { key: 'plan_scarce', type: 'NUMBER', column: 'number_value', value: `case when ${chance(19)} < 1000 then ${chance(20)} end` },
  { key: 'plan_half', type: 'NUMBER', column: 'number_value', value: `case when ${chance(21)} < 500000 then ${chance(22)} end` },
  { key: 'plan_nearly', type: 'NUMBER', column: 'number_value', value: `case when ${chance(23)} < 999000 then ${chance(24)} end` },
  { key: 'plan_rank', entityType: 'COMPANY', type: 'NUMBER', column: 'number_value', value: `case when ${chance(25)} < 900000 then ${chance(26)} / 100 end` },
] // prettier-ignore

/** What makes these fields and some 1,700,000 values of them. */
export const CUSTOM_VALUES_SQL: readonly string[] = PLANS_FIELDS.flatMap(fieldSql)

function fieldSql({ key, entityType, type, column, value, options = [] }: PlansField, index: number): string[] {
  const owner = entityType ?? 'CONTACT'
  return [
    `insert into custom_field_definitions (tenant_id, id, created_at, updated_at, entity_type, key, label, type, position, options)
     select t.id, md5(t.id || '${key}')::uuid, now(), now(), '${owner}', '${key}', '${key}', '${type}', ${100 + index},
       '${JSON.stringify(options.map((option) => ({ value: option, label: option, isArchived: false })))}'
     from tenants as t where t.slug = 'large'`,
    `insert into custom_field_values (tenant_id, id, created_at, updated_at, entity_type, entity_id, definition_id, ${column})
     select * from (
       select c.tenant_id, md5(c.id || '${key}')::uuid as id, c.created_at, c.updated_at, '${owner}', c.id as entity_id, d.id as definition_id, ${value} as value
       from ${owner === 'CONTACT' ? 'contacts' : 'companies'} as c join tenants as t on t.id = c.tenant_id and t.slug = 'large'
       join custom_field_definitions as d on d.tenant_id = c.tenant_id and d.entity_type = '${owner}' and d.key = '${key}') as made
     where value is not null`,
  ]
}
