import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Principal } from '../../../src/lib/principal.js'
import { openDesk, openTenant, type Desk } from '../../support/desk.js'
import { exportText } from '../../support/export-text.js'
import { importText, rows } from '../import/import-desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

/** A tenant with custom fields and an industry, as its own and as the other one's. */
async function openWithFields(): Promise<Principal> {
  const { admin } = await openTenant(desk)
  const define = (input: object) =>
    desk.mutate(
      admin,
      'createCustomFieldDefinition',
      { entityType: 'CONTACT', ...input },
      'customFieldDefinition { id }',
    )
  const options = ['tea', 'free jazz'].map((value) => ({ value, label: value }))
  await define({ key: 'likes', label: 'Likes', type: 'CHECKBOX', options })
  await define({ key: 'budget', label: 'Budget', type: 'CURRENCY' })
  await define({ key: 'points', label: 'Points', type: 'DECIMAL' })
  await define({ key: 'seen', label: 'Seen', type: 'DATETIME' })
  await define({ key: 'remark', label: 'Remark', type: 'TEXTAREA' })
  return admin
}

const NASTY = [
  '=1+1',
  "'=1",
  '-5',
  '007',
  '+41',
  '@me',
  'a "b", c',
  'two\nlines',
  "''",
  '😀',
  '1e5',
  'TRUE',
  '2024-01-02',
  ';|',
]

test('what was exported is imported into another tenant, equal in every column', async () => {
  const own = await openWithFields()
  for (const [index, text] of NASTY.entries()) {
    const line = text.replace('\n', ' ')
    const { userErrors } = await desk.mutate(own, 'createContact', {
      ...{ firstName: line, lastName: `${line} ${index}`, jobTitle: line, externalId: `${line}-${index}`, notes: text },
      ...{ emailOptIn: index % 2 === 0, birthDate: '1980-02-29', ownerId: own.userId },
      emailAddresses: [
        { email: `a${index}@example.com`, type: 'PERSONAL', optedOutAt: '2026-01-02T03:04:05.678Z' },
        ...(index % 3 === 0 ? [{ email: `b${index}@example.com`, isPrimary: true }] : []),
      ],
      phoneNumbers: [{ number: `+41 44 668 18 ${10 + index}`, type: 'MOBILE', extension: '07' }],
      addresses: [{ line1: line, city: 'Zürich', country: 'CH', latitude: -47.5, longitude: 8.25, type: 'HOME' }],
      socialMediaAccounts: [{ platform: 'GITHUB', handle: `user-${index}` }],
      customFields: [
        { key: 'likes', options: ['tea', 'free jazz'] },
        { key: 'budget', currency: { amount: `-${index}.50`, code: 'CHF' } },
        { key: 'points', decimal: `-${index}.25` },
        { key: 'seen', dateTime: '2026-01-02T03:04:05.678Z' },
        { key: 'remark', text },
      ],
    })
    expect(userErrors).toEqual([])
  }
  const orderBy = [{ field: 'EXTERNAL_ID' }]
  const text = await exportText(desk, own, 'Contact', { orderBy })
  const header = text.slice(0, text.indexOf('\n')).split(',')
  // What is of the one tenant alone.
  const ownColumns = new Set(['id', 'createdAt', 'updatedAt'])
  const mapping = Object.fromEntries(
    header.map((key) => [key, ownColumns.has(key) || key.startsWith('company.') || key === 'owner.id' ? null : key]),
  )
  const columns = header.filter((key) => mapping[key] !== null && key !== 'owner.email')
  const other = await openWithFields()
  const job = await importText(desk, other, text, mapping)
  expect(job).toEqual({
    ...{ id: job.id, status: 'SUCCEEDED', error: null, import: { failures: [] } },
    rows: rows({ read: NASTY.length, created: NASTY.length }),
  })
  expect(await exportText(desk, other, 'Contact', { orderBy, columns })).toBe(
    await exportText(desk, own, 'Contact', { orderBy, columns }),
  )
})
