import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openDesk, openTenant, type Desk } from '../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

const FIND = `query ($number: String!) {
  contacts(filter: { phoneNumbers: { some: { number: { eq: $number } } } }) { nodes { lastName } }
}`

test.each([
  ['497111234567', ['Abroad']],
  ['+49 711 1234567', ['Abroad']],
  // A number of the tenant's own country is read as one.
  ['2125550123', ['Home']],
  ['12125550123', ['Home']],
  ['497111234568', []],
])('a number in digits alone finds what it stands for: %s', async (number, found) => {
  const { admin } = await openTenant(desk, { defaultCountry: 'US' })
  await desk.mutate(admin, 'createContact', { lastName: 'Abroad', phoneNumbers: [{ number: '+49 711 1234567' }] })
  await desk.mutate(admin, 'createContact', { lastName: 'Home', phoneNumbers: [{ number: '(212) 555-0123' }] })
  expect(await desk.ask(admin, FIND, { number })).toEqual({
    contacts: { nodes: found.map((lastName) => ({ lastName })) },
  })
})

test('an empty filter is estimated like none', async () => {
  const { admin } = await openTenant(desk)
  await desk.mutate(admin, 'createContact', { lastName: 'Only' })
  const statementsOf = (args: string) =>
    desk.api.statements(() => desk.ask(admin, `{ contacts${args} { estimatedCount } }`))
  // By the planner's statistics, as a list without a filter; a filter is counted up to a limit instead.
  for (const args of ['', '(filter: {})']) {
    expect((await statementsOf(args)).map(({ text }) => text)).toEqual([expect.stringMatching(/^explain /)])
  }
  const [filtered] = await statementsOf('(filter: { lastName: { eq: "Only" } })')
  expect(filtered?.text).not.toMatch(/^explain /)
})
