import { openRowFile } from '../../src/files/open-row-file.js'
import type { FileRow, RowFile, RowFileOptions } from '../../src/files/row-file.js'
import type { RecordKeys } from '../../src/files/column-keys.js'

/** Bytes as a stream of these parts; texts are UTF-8. */
export async function* bytes(...parts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield typeof part === 'string' ? Buffer.from(part) : part
}

/** A file as a whole: what is known of it, and its rows. */
export async function readAll(
  content: AsyncIterable<Uint8Array>,
  options: RowFileOptions = {},
): Promise<Pick<RowFile, 'format' | 'encoding' | 'separator' | 'columns'> & { rows: FileRow[] }> {
  const { format, encoding, separator, columns, rows } = await openRowFile(content, options)
  const read: FileRow[] = []
  for await (const row of rows) read.push(row)
  return { format, encoding, separator, columns: [...columns], rows: read }
}

/** A row as a list for comparisons: line, cells, code of its error. */
export function short({ row, cells, error }: FileRow): unknown[] {
  return [row, Object.fromEntries(cells), ...(error ? [error.code, error.column ?? null] : [])]
}

/** What comes of a promise that fails: its code and message. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason as { code?: string; message: string },
  )
  return error && [error.code, error.message]
}

const TYPES = { email: ['WORK', 'PERSONAL', 'OTHER'], phone: ['WORK', 'MOBILE', 'HOME', 'FAX', 'OTHER'] }
const named = (values: readonly string[]) => ({
  kind: 'enum' as const,
  values: values.map((value) => ({ value, label: value })),
})
const text = { kind: 'text' } as const

const LISTS = {
  emailAddresses: {
    type: named(TYPES.email),
    email: text,
    optedOutAt: { kind: 'datetime' as const },
    isPrimary: { kind: 'boolean' as const },
  },
  phoneNumbers: { type: named(TYPES.phone), number: text, extension: text, isPrimary: { kind: 'boolean' as const } },
  addresses: {
    type: named(['BILLING', 'SHIPPING', 'OFFICE', 'HOME', 'OTHER']),
    line1: text,
    line2: text,
    city: text,
    region: text,
    postalCode: text,
    country: { kind: 'country' as const },
    latitude: { kind: 'float' as const },
    longitude: { kind: 'float' as const },
    isPrimary: { kind: 'boolean' as const },
  },
  socialMediaAccounts: {
    platform: named(['LINKEDIN', 'X', 'MASTODON', 'OTHER']),
    handle: text,
    url: text,
    isPrimary: { kind: 'boolean' as const },
  },
}

/** What columns of contacts can be mapped to, with a few custom fields. */
export const CONTACT_KEYS: RecordKeys = {
  fields: {
    id: text,
    firstName: text,
    middleName: text,
    lastName: text,
    jobTitle: text,
    department: text,
    birthDate: { kind: 'date' },
    emailOptIn: { kind: 'boolean' },
    externalId: text,
    notes: text,
  },
  relations: { company: ['id', 'externalId', 'domain', 'name'], owner: ['id', 'email'] },
  lists: LISTS,
  customFields: [
    {
      key: 'tier',
      label: 'Customer tier',
      type: 'DROPDOWN',
      options: [
        { value: 'gold', label: 'Gold', isArchived: false },
        { value: 'silver', label: 'Silver', isArchived: false },
      ],
    },
    {
      key: 'tags',
      type: 'CHECKBOX',
      options: ['a', 'b', 'c'].map((value) => ({ value, label: value.toUpperCase(), isArchived: false })),
    },
    { key: 'budget', type: 'CURRENCY', options: [] },
    { key: 'visits', type: 'NUMBER', options: [] },
    { key: 'since', type: 'DATE', options: [] },
    { key: 'seen_at', type: 'DATETIME', options: [] },
    { key: 'share', type: 'DECIMAL', options: [] },
    { key: 'vip', type: 'BOOLEAN', options: [] },
  ],
  readOnly: ['fullName', 'version', 'createdAt', 'updatedAt', 'deletedAt'],
}

/** What columns of companies can be mapped to. */
export const COMPANY_KEYS: RecordKeys = {
  fields: {
    id: text,
    name: text,
    legalName: text,
    domain: text,
    website: text,
    employeeCount: { kind: 'integer' },
    annualRevenue: { kind: 'decimal' },
    foundedYear: { kind: 'integer' },
    status: named(['LEAD', 'CUSTOMER']),
    externalId: text,
    notes: text,
  },
  relations: { industry: ['id', 'name'], size: ['id', 'name'], assignedTo: ['id', 'email'] },
  lists: LISTS,
  customFields: [],
  readOnly: ['createdAt', 'updatedAt'],
  aliases: new Map([['owner', 'assignedTo']]),
}
