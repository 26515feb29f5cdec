import { expect } from '@jest/globals'
import { sql } from '../../src/lib/sql.js'
import { FULL_ACCESS, type Access } from '../../src/access/scope.js'
import type { Principal } from '../../src/lib/principal.js'
import { openDesk, openTenant, type Desk } from '../support/desk.js'

const HIDDEN = new Set([
  'Company.annualRevenue',
  'Contact.birthDate',
  'Contact.externalId',
  'Contact.phoneNumbers',
  'User.role',
])

/** A condition on users: all but the tenant's VIEWER. */
export function notViewer(alias: string) {
  return sql<boolean>`${sql.ref(`${alias}.email`)} <> ${'viewer@example.com'}`
}

/**
 * Rules of access that only tests have: contacts that the principal owns, companies that are assigned to it, users but
 * one; of these neither revenue nor birth dates, external ids of contacts, phone numbers or roles.
 */
function ownRecords(principal: Principal): Access {
  return {
    rows: (concept, alias) => {
      if (concept === 'Contact') return sql`${sql.ref(`${alias}.owner_id`)} = ${principal.userId}::uuid`
      if (concept === 'Company') return sql`${sql.ref(`${alias}.assigned_to_id`)} = ${principal.userId}::uuid`
      return concept === 'User' ? notViewer(alias) : null
    },
    maySee: (concept, field) => !HIDDEN.has(`${concept}.${field}`),
  }
}

/** A tenant with a user who sees all of it, and one who is restricted. */
export interface Restricted {
  readonly desk: Desk
  readonly admin: Principal
  readonly restricted: Principal
  /** the user whom the restricted one doesn't see */
  readonly viewerId: string
  /** companies Mine and Theirs; Anna (own, of Mine), Ben (own, of Theirs) and Cora (another's, of Mine) */
  readonly ids: Readonly<Record<'mine' | 'theirs' | 'anna' | 'ben' | 'cora' | 'coraEmail', string>>
  /** rules for more users, by their ids */
  readonly accessByUser: Map<string, Access>
  /** all rows of the tenant */
  readonly rows: () => Promise<object>
}

/** Opens the API with the rules, over a tenant with some records. */
export async function openRestricted(): Promise<Restricted> {
  const accessByUser = new Map<string, Access>()
  const desk = await openDesk(undefined, {
    accessOf: ({ userId }) => accessByUser.get(userId ?? '') ?? FULL_ACCESS,
  })
  const { tenant, admin } = await openTenant(desk, { uniqueEmails: true })
  const [own, other] = [tenant.users.MANAGER, tenant.users.ADMIN]
  const restricted: Principal = { tenant: tenant.settings, userId: own, role: 'ADMIN' }
  accessByUser.set(own, ownRecords(restricted))
  const create = async (noun: 'Company' | 'Contact', input: object): Promise<string> => {
    const field = noun.toLowerCase()
    const answer = await desk.mutate(admin, `create${noun}`, input, `${field} { id }`)
    expect(answer.userErrors).toEqual([])
    return answer[field].id
  }
  const revenue = { annualRevenue: '100.00', annualRevenueCurrency: 'USD' }
  const theirRecord = { assignedToId: other, externalId: 'C-1' }
  const mine = await create('Company', { name: 'Mine', domain: 'mine.example', assignedToId: own, ...revenue })
  const theirs = await create('Company', { name: 'Theirs', domain: 'theirs.example', ...theirRecord })
  const person = (firstName: string, ownerId: string, companyId: string) => {
    const emailAddresses = [{ email: `${firstName.toLowerCase()}@mine.example` }]
    return { firstName, lastName: 'Lark', ownerId, companyId, emailAddresses }
  }
  const phoneNumbers = [{ number: '+1 202 224 3441' }]
  const annaOnly = { birthDate: '1990-01-02', externalId: 'P-1', phoneNumbers }
  const anna = await create('Contact', { ...person('Anna', own, mine), ...annaOnly })
  const ben = await create('Contact', person('Ben', own, theirs))
  const cora = await create('Contact', { ...person('Cora', other, mine), externalId: 'P-2', phoneNumbers })
  const [{ id: coraEmail }] = (await desk.sql('select id from email_addresses where entity_id = $1', [cora])) as [
    { id: string },
  ]
  return {
    desk,
    admin,
    restricted,
    viewerId: tenant.users.VIEWER,
    ids: { mine, theirs, anna, ben, cora, coraEmail },
    accessByUser,
    rows: () => desk.rowsOf(tenant),
  }
}
