import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openDesk, openTenant, userError, type Desk } from '../../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

describe('the employees of a company size', () => {
  const create = async (input: object) => {
    const { admin } = await openTenant(desk)
    return desk.mutate(
      admin,
      'createCompanySize',
      { name: 'Size', ...input },
      'companySize { minEmployees maxEmployees }',
    )
  }

  test.each([
    [{ minEmployees: 0, maxEmployees: 0 }],
    [{ minEmployees: 1001, maxEmployees: null }],
    [{ minEmployees: null, maxEmployees: 2_147_483_647 }],
  ])('%j are kept', async (employees) => {
    expect(await create(employees)).toEqual({ companySize: employees, userErrors: [] })
  })

  test.each([
    [{ minEmployees: -1 }, 'minEmployees', 'The number must be a whole number from 0 to 2,147,483,647; it is -1.'],
    [{ maxEmployees: -1 }, 'maxEmployees', 'The number must be a whole number from 0 to 2,147,483,647; it is -1.'],
    [{ minEmployees: 2, maxEmployees: 1 }, 'maxEmployees', 'The most must not be below the fewest.'],
  ])('%j are refused', async (employees, field, message) => {
    expect(await create(employees)).toEqual({
      companySize: null,
      userErrors: [userError('BAD_USER_INPUT', [field], message)],
    })
  })
})
