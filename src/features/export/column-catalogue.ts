import type { Scope } from '../../access/scope.js'
import type { RecordKind } from '../../records/record-kind.js'
import { CONTACT_INFO_KINDS, type ContactInfoKind } from '../contact-info/contact-info.columns.js'
import type { CustomFieldDefinitionRow } from '../custom-field/custom-field.columns.js'

/** Fields of the records that relations lead to, by their concept. The first of them are in every export. */
const RELATED_FIELDS: Readonly<
  Record<string, { readonly usual: readonly string[]; readonly other: readonly string[] }>
> = {
  Company: { usual: ['id', 'name', 'domain'], other: ['externalId', 'website', 'legalName'] },
  User: { usual: ['id', 'email'], other: ['name'] },
  Industry: { usual: ['id', 'name'], other: [] },
  CompanySize: { usual: ['id', 'name'], other: [] },
}

/** Fields of contact info, as inputs have them, in the order of columns. */
const INFO_FIELDS: Readonly<Record<ContactInfoKind, readonly string[]>> = {
  emailAddress: ['email', 'type', 'isPrimary', 'optedOutAt'],
  phoneNumber: ['number', 'extension', 'type', 'isPrimary'],
  address: [
    ...['type', 'line1', 'line2', 'city', 'region', 'postalCode', 'country', 'latitude', 'longitude'],
    'isPrimary',
  ],
  socialMediaAccount: ['platform', 'handle', 'url', 'isPrimary'],
}

/** Fields that are exported only where they are asked for, and those that stand at the end. */
const ON_DEMAND = new Set(['version', 'fullName', 'deletedAt'])
const AT_END = ['createdAt', 'updatedAt']
/** Relations that have a newer name: each stands once in an export. */
const OLDER_NAMES = new Set(['assignedTo'])

/** A relation to one record, and which of its fields the principal may see. */
export interface RelatedFields {
  readonly concept: string
  readonly column: string
  readonly usual: readonly string[]
  readonly all: readonly string[]
}

/** What an export of a type of record may have as columns, as far as the principal may see it. */
export interface ColumnCatalogue {
  /** fields in every export, in their order; the last ones stand behind all other columns */
  readonly usual: readonly string[]
  readonly atEnd: readonly string[]
  /** all fields */
  readonly fields: ReadonlySet<string>
  readonly related: ReadonlyMap<string, RelatedFields>
  /** by the name of the list, `emailAddresses` */
  readonly info: ReadonlyMap<string, { readonly kind: ContactInfoKind; readonly fields: readonly string[] }>
  /** null where the principal may not see any */
  readonly customFields: readonly CustomFieldDefinitionRow[] | null
}

/** The columns that a principal may export of a type of record; `definitions` are its custom fields in use. */
export function columnCatalogue(
  { access }: Scope,
  { concept, columns }: RecordKind,
  definitions: readonly CustomFieldDefinitionRow[],
): ColumnCatalogue {
  const own = Object.entries(columns).flatMap(([name, { references }]) =>
    references === undefined && access.maySee(concept.name, name) ? [name] : [],
  )
  const middle = own.filter((name) => name !== 'id' && !ON_DEMAND.has(name) && !AT_END.includes(name))
  const related = Object.entries(concept.relations).flatMap(([name, relation]): [string, RelatedFields][] => {
    const known = relation.kind === 'one' && !OLDER_NAMES.has(name) ? RELATED_FIELDS[relation.to] : undefined
    if (relation.kind !== 'one' || !known || !access.maySee(concept.name, name)) return []
    const visible = (fields: readonly string[]) => fields.filter((field) => access.maySee(relation.to, field))
    const usual = visible(known.usual)
    return [[name, { concept: relation.to, column: relation.column, usual, all: [...usual, ...visible(known.other)] }]]
  })
  const info = (Object.keys(CONTACT_INFO_KINDS) as ContactInfoKind[]).flatMap((kind) => {
    const { list, concept: name } = CONTACT_INFO_KINDS[kind]
    if (!access.maySee(concept.name, list)) return []
    const fields = INFO_FIELDS[kind].filter((field) => access.maySee(name, field))
    return [[list, { kind, fields }] as const]
  })
  return {
    usual: [...own.filter((name) => name === 'id'), ...middle],
    atEnd: AT_END.filter((name) => own.includes(name)),
    fields: new Set(own),
    related: new Map(related),
    info: new Map(info),
    customFields: access.maySee(concept.name, 'customFields') ? definitions : null,
  }
}
