import type { Columns } from '../../concepts/columns.js'
import type { Registry } from '../../concepts/registry.js'
import { keyValuesOf, type KeyValues, type RecordKeys } from '../../files/column-keys.js'
import type { RecordKind } from '../../records/record-kind.js'
import { CONTACT_INFO_KINDS } from '../contact-info/contact-info.columns.js'

/** By what related records may be named in a file, the surest first. */
const NAMED_BY: Readonly<Record<string, readonly string[]>> = {
  Company: ['id', 'externalId', 'domain', 'name'],
  User: ['id', 'email'],
  Industry: ['id', 'name'],
  CompanySize: ['id', 'name'],
}

/** A relation of a type of record that a file may name. */
export interface NamedRelation {
  /** as in `company.name` */
  readonly relation: string
  /** what holds its id in inputs: `companyId` */
  readonly field: string
  /** the related type of record: `Company` */
  readonly concept: string
  /** by what it may be named, the surest first */
  readonly by: readonly string[]
}

/** The relations of a type of record that files may name. */
export function namedRelations({ columns }: RecordKind): NamedRelation[] {
  return Object.entries(columns).flatMap(([field, { references }]) => {
    const by = references === undefined ? undefined : NAMED_BY[references]
    return by && references ? [{ relation: field.replace(/Id$/, ''), field, concept: references, by }] : []
  })
}

// Set by Kith alone; our own exports have them.
const READ_ONLY = ['createdAt', 'updatedAt', 'deletedAt', 'version', 'fullName', 'position', 'domain', 'numberE164']
const NOT_OF_ITEMS = new Set([
  'id',
  'createdAt',
  'updatedAt',
  'entityType',
  'entityId',
  'position',
  'uniqueKey',
  'emailDomain',
  'numberE164',
])

/** All that the columns of a file can be mapped to, for a type of record of one tenant, custom fields included. */
export function recordKeys(kind: RecordKind, registry: Registry): RecordKeys {
  const given = Object.entries(kind.columns).filter(([, { check, references }]) => check && !references)
  const fields: Record<string, KeyValues> = { id: { kind: 'text' } }
  for (const [name, column] of given) fields[name] = keyValuesOf(column)
  const customFields = [...registry.customFields(kind.concept.name).values()]
  const aliases = Object.entries(kind.aliases ?? {}).map(([name, of]) => [withoutId(name), withoutId(of)] as const)
  return {
    fields,
    relations: Object.fromEntries(namedRelations(kind).map(({ relation, by }) => [relation, by])),
    lists: Object.fromEntries(
      Object.values(CONTACT_INFO_KINDS).map(({ list, columns }) => [list, itemFields(columns)]),
    ),
    customFields,
    readOnly: READ_ONLY.filter((name) => !Object.hasOwn(fields, name)),
    aliases: new Map(aliases),
  }
}

function itemFields(columns: Columns): Record<string, KeyValues> {
  const own = Object.entries(columns).filter(([name]) => !NOT_OF_ITEMS.has(name))
  return Object.fromEntries(own.map(([name, column]) => [name, keyValuesOf(column)]))
}

function withoutId(name: string): string {
  return name.replace(/Id$/, '')
}
