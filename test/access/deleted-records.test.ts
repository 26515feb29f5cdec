import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Role } from '../../src/lib/principal.js'
import { openDesk, openTenant, plain, type Desk } from '../support/desk.js'
import type { TestTenant } from '../support/records.js'

let desk: Desk
let tenant: TestTenant

beforeAll(async () => {
  desk = await openDesk()
  ;({ tenant } = await openTenant(desk))
})

afterAll(() => desk.close())

describe('deleted records are for MANAGER and above', () => {
  const ID = randomUUID()
  const PLACES: [string, string][] = [
    ['contacts', '{ contacts(deleted: WANTED) { totalCount } }'],
    ['companies', '{ companies(deleted: WANTED) { totalCount } }'],
    ['contact', `{ contact(id: "${ID}", deleted: WANTED) { id } }`],
    ['company', `{ company(id: "${ID}", deleted: WANTED) { id } }`],
    ['node', `{ node(id: "${ID}", deleted: WANTED) { id } }`],
    ['nodes', `{ nodes(ids: ["${ID}"], deleted: WANTED) { id } }`],
    ['staff', '{ companies { nodes { staff: contacts(deleted: WANTED) { totalCount } } } }'],
  ]
  const ROLES: [Role, boolean][] = [
    ['VIEWER', false],
    ['MEMBER', false],
    ['MANAGER', true],
    ['ADMIN', true],
  ]

  test.each(PLACES)('%s', async (field, query) => {
    const refused: unknown[] = []
    for (const [role, mayFind] of ROLES) {
      const principal = tenant.principal(role)
      await desk.ask(principal, query.replace('WANTED', 'EXCLUDE'))
      for (const deleted of ['INCLUDE', 'ONLY']) {
        const asked = query.replace('WANTED', deleted)
        if (mayFind) {
          await desk.ask(principal, asked)
          continue
        }
        const statements = await desk.api.statements(async () => {
          const { data, errors } = await desk.api.run(principal, asked)
          refused.push([data, plain(errors)])
        })
        expect(statements).toEqual([])
        expect(refused.pop()).toEqual([
          undefined,
          [
            {
              message: `Deleted records are for the role MANAGER; yours is ${role}.`,
              extensions: { code: 'FORBIDDEN', field: `${field}.deleted`, requestId: expect.any(String) },
            },
          ],
        ])
      }
    }
  })
})
