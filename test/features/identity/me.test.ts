import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openDesk, openTenant, type Desk } from '../../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

describe('me', () => {
  const ME =
    '{ me { role user { name role } tenant { id slug name defaultCountry defaultCurrency timeZone uniqueEmails } } }'

  test('says who asks, with the role that counts', async () => {
    const { tenant } = await openTenant(desk)
    const { settings } = tenant
    expect(await desk.ask({ tenant: settings, userId: tenant.users.MANAGER, role: 'VIEWER' }, ME)).toEqual({
      me: { role: 'VIEWER', user: { name: 'MANAGER user', role: 'MANAGER' }, tenant: { ...settings } },
    })
  })

  test('has no user for a program', async () => {
    const { tenant } = await openTenant(desk)
    expect(
      await desk.ask({ tenant: tenant.settings, userId: null, role: 'MEMBER' }, '{ me { role user { name } } }'),
    ).toEqual({
      me: { role: 'MEMBER', user: null },
    })
  })
})
