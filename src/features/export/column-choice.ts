import type { Scope } from '../../access/scope.js'
import { requireVisible } from '../../access/visible-fields.js'
import type { UserError } from '../../lib/errors.js'
import type { RecordKind } from '../../records/record-kind.js'
import { CONTACT_INFO_KINDS, MAX_ROWS_PER_KIND, type ContactInfoKind } from '../contact-info/contact-info.columns.js'
import type { CustomFieldDefinitionRow } from '../custom-field/custom-field.columns.js'
import type { ColumnCatalogue } from './column-catalogue.js'

/** A column as it was chosen; `spread` stands for as many columns as the records need. */
export type ChosenColumn =
  | { readonly kind: 'field'; readonly key: string; readonly field: string }
  | { readonly kind: 'related'; readonly key: string; readonly relation: string; readonly field: string }
  | {
      readonly kind: 'info'
      readonly key: string
      readonly info: ContactInfoKind
      /** from 0 */
      readonly index: number
      readonly field: string
    }
  | {
      readonly kind: 'infoList' | 'infoSpread'
      readonly key: string
      readonly info: ContactInfoKind
      readonly fields: readonly string[]
    }
  | {
      readonly kind: 'custom'
      readonly key: string
      readonly definition: CustomFieldDefinitionRow
      /** of an amount: itself or its currency alone */
      readonly part: 'amount' | 'currency' | null
    }
  | { readonly kind: 'customAll'; readonly key: string; readonly definitions: readonly CustomFieldDefinitionRow[] }

const MAX_KNOWN_SAID = 12

/**
 * The columns that every export has unless others are asked for: all that an import takes, and when records were made and
 * changed. Contact info is spread over columns, or one list each (`isNested`); so are custom fields.
 */
export function usualColumns(catalogue: ColumnCatalogue, isNested: boolean, withDeleted: boolean): ChosenColumn[] {
  const names = [
    ...catalogue.usual,
    ...[...catalogue.related].flatMap(([name, { usual }]) => usual.map((field) => `${name}.${field}`)),
    ...[...catalogue.info.keys()].map((list) => (isNested ? list : `${list}.*`)),
    ...(catalogue.customFields?.length ? [isNested ? 'customFields' : 'customFields.*'] : []),
    ...catalogue.atEnd,
    ...(withDeleted && catalogue.fields.has('deletedAt') ? ['deletedAt'] : []),
  ]
  return names.flatMap((name) => readKey(catalogue, name) ?? [])
}

/**
 * The columns of some keys, in their order. `company.*` stands for its usual fields, `emailAddresses.*` for as many
 * columns as the records need, `customFields.*` for one of each field; `emailAddresses` and `customFields` are one
 * column each. What is wrong is told to `errors`, at its place in the keys.
 * @throws FORBIDDEN where the principal may not see a field
 */
export function chooseColumns(
  scope: Scope,
  kind: RecordKind,
  catalogue: ColumnCatalogue,
  keys: readonly string[],
  errors: UserError[],
): ChosenColumn[] {
  const seen = new Set<string>()
  const refuse = (index: number, message: string): ChosenColumn[] => {
    errors.push({ code: 'BAD_USER_INPUT', message, field: ['columns', String(index)] })
    return []
  }
  if (keys.length === 0) errors.push({ code: 'BAD_USER_INPUT', message: 'Choose a column.', field: ['columns'] })
  return keys.flatMap((key, index) => {
    const chosen = readKey(catalogue, key)
    if (!chosen) {
      requireVisibleKey(scope, kind, key, ['columns', index])
      return refuse(index, `There is no column ${JSON.stringify(key.slice(0, 100))}. ${knownText(catalogue)}`)
    }
    const double = chosen.find((column) => seen.has(column.key))
    if (double) return refuse(index, `The column ${double.key} stands twice.`)
    for (const column of chosen) seen.add(column.key)
    return chosen
  })
}

function readKey(catalogue: ColumnCatalogue, key: string): ChosenColumn[] | null {
  const [head = '', second, third, ...more] = key.split('.')
  if (more.length > 0) return null
  if (second === undefined) {
    if (catalogue.fields.has(head)) return [{ kind: 'field', key, field: head }]
    const info = catalogue.info.get(head)
    if (info) return [{ kind: 'infoList', key, info: info.kind, fields: info.fields }]
  }
  if (head === 'customFields') return readCustomKey(catalogue.customFields, key, second, third)
  if (second === undefined) return null
  const related = catalogue.related.get(head)
  if (related && third === undefined) {
    const fields = second === '*' ? related.usual : related.all.filter((field) => field === second)
    if (fields.length === 0) return null
    return fields.map((field) => ({ kind: 'related', key: `${head}.${field}`, relation: head, field }))
  }
  const info = catalogue.info.get(head)
  if (!info) return null
  if (second === '*' && third === undefined) return [{ kind: 'infoSpread', key, info: info.kind, fields: info.fields }]
  const number = /^[1-9]\d?$/.test(second) ? Number(second) : 0
  if (number < 1 || number > MAX_ROWS_PER_KIND || third === undefined || !info.fields.includes(third)) return null
  return [{ kind: 'info', key, info: info.kind, index: number - 1, field: third }]
}

function readCustomKey(
  definitions: ColumnCatalogue['customFields'],
  key: string,
  name: string | undefined,
  part: string | undefined,
): ChosenColumn[] | null {
  if (!definitions) return null
  if (name === undefined) return [{ kind: 'customAll', key, definitions }]
  if (name === '*') {
    if (part !== undefined) return null
    return definitions.map((definition) => ({
      kind: 'custom',
      key: `customFields.${definition.key}`,
      definition,
      part: null,
    }))
  }
  const definition = definitions.find((known) => known.key === name)
  if (!definition) return null
  if (part === undefined) return [{ kind: 'custom', key, definition, part: null }]
  if (definition.type !== 'CURRENCY' || (part !== 'amount' && part !== 'currency')) return null
  return [{ kind: 'custom', key, definition, part }]
}

/** @throws FORBIDDEN where a key names something that is there, but not for the principal */
function requireVisibleKey(
  { access, registry }: Scope,
  { concept, columns }: RecordKind,
  key: string,
  path: readonly (string | number)[],
): void {
  const [head = '', second = '', third = ''] = key.split('.')
  const relation = Object.hasOwn(concept.relations, head) ? concept.relations[head] : undefined
  const isInfo = Object.values(CONTACT_INFO_KINDS).find(({ list }) => list === head)
  if (!relation && !isInfo && !Object.hasOwn(columns, head) && head !== 'customFields') return
  requireVisible(access, concept.name, head, path)
  const field = isInfo ? third : second
  const to = isInfo ? isInfo.concept : relation?.to
  if (to !== undefined && Object.hasOwn(registry.concept(to).fields, field)) requireVisible(access, to, field, path)
}

function knownText({ usual, related, info, customFields }: ColumnCatalogue): string {
  const known = [
    ...usual,
    ...[...related].flatMap(([name, { all }]) => all.map((field) => `${name}.${field}`)),
    ...[...info.keys()].map((list) => `${list}.*`),
    ...(customFields ?? []).map(({ key }) => `customFields.${key}`),
  ]
  const said = known.slice(0, MAX_KNOWN_SAID).join(', ')
  return `Columns are ${said}${known.length > MAX_KNOWN_SAID ? ` and ${known.length - MAX_KNOWN_SAID} more` : ''}.`
}
