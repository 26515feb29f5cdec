import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openDesk, openTenant, userError, type Desk } from '../../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

const UNREACHABLE = userError(
  'BAD_USER_INPUT',
  [],
  'A contact needs a part of a name, an e-mail address or a phone number.',
)

async function openContact(input: object = {}) {
  const { tenant, admin } = await openTenant(desk)
  const selection =
    'contact { id emailAddresses { id } phoneNumbers { id } addresses { id } socialMediaAccounts { id } }'
  const { contact } = await desk.mutate(admin, 'createContact', { firstName: 'Ada', ...input }, selection)
  return { tenant, admin, contact }
}

describe('the contact info in updateContact', () => {
  test('adds, changes and removes contact info of every kind in one write', async () => {
    const { admin, contact } = await openContact({
      emailAddresses: [{ email: 'a@example.com' }, { email: 'b@example.com' }],
      phoneNumbers: [{ number: '+1 212 555 0123' }, { number: '+1 212 555 0124', extension: '4' }],
      addresses: [{ city: 'London' }, { city: 'Paris', line1: '1 Rue' }],
      socialMediaAccounts: [
        { platform: 'X', handle: 'ada' },
        { platform: 'GITHUB', handle: 'ada' },
      ],
    })
    const [first, second] = [0, 1].map((index) => (kind: string) => contact[kind][index].id as string)
    const input = {
      id: contact.id,
      version: 1,
      emailAddresses: {
        remove: [first?.('emailAddresses')],
        update: [{ id: second?.('emailAddresses'), type: 'OTHER' }],
        add: [{ email: 'c@example.com' }],
      },
      phoneNumbers: {
        remove: [first?.('phoneNumbers')],
        update: [{ id: second?.('phoneNumbers'), extension: null }],
        add: [{ number: '+1 212 555 0125', isPrimary: true }],
      },
      addresses: {
        remove: [first?.('addresses')],
        update: [{ id: second?.('addresses'), line1: null, region: 'Île-de-France' }],
        add: [{ postalCode: '8000' }],
      },
      socialMediaAccounts: {
        remove: [first?.('socialMediaAccounts')],
        update: [{ id: second?.('socialMediaAccounts'), handle: 'https://github.com/byron', isPrimary: false }],
        add: [{ platform: 'OTHER', url: 'https://ada.example' }],
      },
    }
    const selection = `contact { version emailAddresses { email type isPrimary position } phoneNumbers { number extension isPrimary position }
      addresses { line1 city region postalCode isPrimary position } socialMediaAccounts { platform handle url isPrimary position } }`
    expect(await desk.mutate(admin, 'updateContact', input, selection)).toEqual({
      contact: {
        version: 2,
        emailAddresses: [
          { email: 'b@example.com', type: 'OTHER', isPrimary: true, position: 2 },
          { email: 'c@example.com', type: 'WORK', isPrimary: false, position: 3 },
        ],
        phoneNumbers: [
          { number: '+1 212 555 0124', extension: null, isPrimary: false, position: 2 },
          { number: '+1 212 555 0125', extension: null, isPrimary: true, position: 3 },
        ],
        addresses: [
          { line1: null, city: 'Paris', region: 'Île-de-France', postalCode: null, isPrimary: true, position: 2 },
          { line1: null, city: null, region: null, postalCode: '8000', isPrimary: false, position: 3 },
        ],
        socialMediaAccounts: [
          { platform: 'GITHUB', handle: 'byron', url: null, isPrimary: false, position: 2 },
          { platform: 'OTHER', handle: null, url: 'https://ada.example', isPrimary: true, position: 3 },
        ],
      },
      userErrors: [],
    })
  })

  test.each([
    ['the only name', { lastName: 'Lovelace', emailAddresses: [] }, () => ({ lastName: null })],
    [
      'the only e-mail address',
      { lastName: null, emailAddresses: [{ email: 'a@example.com' }] },
      (emailId: string) => ({ emailAddresses: { remove: [emailId] } }),
    ],
  ])('cannot take %s from a contact', async (_, input, change) => {
    const { tenant, admin, contact } = await openContact({ firstName: null, middleName: null, ...input })
    const before = await desk.rowsOf(tenant)
    const changes = { id: contact.id, version: 1, ...change(contact.emailAddresses[0]?.id as string) }
    expect(await desk.mutate(admin, 'updateContact', changes, 'contact { id }')).toEqual({
      contact: null,
      userErrors: [UNREACHABLE],
    })
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })

  test('may trade its name for a phone number', async () => {
    const { admin, contact } = await openContact()
    const input = {
      id: contact.id,
      version: 1,
      firstName: null,
      middleName: null,
      lastName: null,
      phoneNumbers: { add: [{ number: '+1 212 555 0123' }] },
    }
    expect(await desk.mutate(admin, 'updateContact', input, 'contact { fullName phoneNumbers { e164 } }')).toEqual({
      contact: { fullName: null, phoneNumbers: [{ e164: '+12125550123' }] },
      userErrors: [],
    })
  })
})
