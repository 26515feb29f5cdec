import type { Scope } from '../../access/scope.js'
import { checkDomain } from '../../lib/value/domain.js'
import { checkEmail } from '../../lib/value/email.js'
import type { RecordKind, Values } from '../../records/record-kind.js'
import type { ImportOptions } from './import.js'

/** The values of a row by which it may depend on another one: those that name a record, and those that two can't have. */
export type SharedValues = (input: Values) => string[]

/** Which values of a type of record rows may share, as a tenant has it. Two forms of one value may be told as one too often. */
export function sharedValuesOf({ registry, principal }: Scope, kind: RecordKind, options: ImportOptions): SharedValues {
  const columns = Object.entries(kind.columns).flatMap(([name, { unique }]) => (unique === undefined ? [] : [name]))
  const custom = [...registry.customFields(kind.concept.name).values()].filter(
    ({ isUnique, key }) => isUnique || key === options.customFieldKey,
  )
  const customKeys = new Set(custom.map(({ key }) => key))
  const hasEmails = options.matchBy === 'EMAIL' || principal.tenant.uniqueEmails
  return (input) => [
    ...['id', ...columns].flatMap((name) => {
      const value = input[name]
      return typeof value === 'string' && value !== '' ? [`${name} ${name === 'domain' ? domainOf(value) : value}`] : []
    }),
    ...(hasEmails ? itemsOf(input['emailAddresses']).flatMap(({ email }) => emailOf(email)) : []),
    ...itemsOf(input['customFields']).flatMap((item) =>
      customKeys.has(String(item['key'])) ? [plain(JSON.stringify(item))] : [],
    ),
  ]
}

function itemsOf(list: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(list) ? (list as Record<string, unknown>[]) : []
}

function domainOf(value: string): string {
  const checked = checkDomain(value)
  return checked.ok ? checked.value : value
}

function emailOf(value: unknown): string[] {
  const checked = typeof value === 'string' ? checkEmail(value) : null
  return checked?.ok ? [`email ${checked.value.key}`] : []
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[\s().+/-]/g, '')
}
