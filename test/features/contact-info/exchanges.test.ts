import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { openOwner, KIND_SAMPLES, type KindSample } from '../../support/contact-info.js'
import { openDesk, userError, type Desk } from '../../support/desk.js'
import { testSeed } from '../../setup/test-run.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

const CREATED = new Date('2026-03-04T05:06:07.089Z')
const TYPES = { contact: 'Contact', company: 'Company' } as const
const OWNERS = ['contact', 'company'] as const
const [EMAILS] = KIND_SAMPLES as [KindSample]
const UNIQUE = { uniqueEmails: true }

interface Row {
  readonly id: string
  readonly email: string
  readonly isPrimary: boolean
}

/** A record with `count` addresses, a1@example.com the primary one, in a tenant whose addresses are unique. */
async function open(owner: (typeof OWNERS)[number], count: number) {
  const opened = await openOwner(desk, owner, EMAILS, count, CREATED, UNIQUE)
  const save = async (emailAddresses: object) =>
    (await desk.mutate(opened.admin, `update${TYPES[owner]}`, { id: opened.ownerId, emailAddresses })).userErrors
  const rows = async () => (await opened.look()).rows as unknown as Row[]
  return { ...opened, save, rows, emails: async () => (await rows()).map(({ email }) => email) }
}

const address = (n: number) => `a${n}@example.com`

describe.each(OWNERS)('the unique e-mail addresses of a %s', (owner) => {
  test('change places, the primary one with them', async () => {
    const { rowIds, save, rows, tenant } = await open(owner, 2)
    const [first, second] = rowIds
    const update = [
      { id: first, email: address(2), isPrimary: false },
      { id: second, email: address(1), isPrimary: true },
    ]
    expect(await save({ update })).toEqual([])
    const short = (await rows()).map(({ id, email, isPrimary }) => ({ id, email, isPrimary }))
    expect(short).toEqual([
      { id: first, email: address(2), isPrimary: false },
      { id: second, email: address(1), isPrimary: true },
    ])
    const keys = await desk.sql('select unique_key from email_addresses where tenant_id = $1 order by position', [
      tenant.settings.id,
    ])
    expect(keys.map(({ unique_key }) => unique_key as string)).toEqual([address(2), address(1)])
  })

  test('go round, and one moves on to what is free', async () => {
    const { rowIds, save, emails } = await open(owner, 3)
    const moved = (targets: number[]) =>
      save({ update: targets.map((n, index) => ({ id: rowIds[index], email: address(n) })) })
    expect(await moved([2, 3, 1])).toEqual([])
    expect(await emails()).toEqual([2, 3, 1].map(address))
    expect(await moved([9, 2, 3])).toEqual([])
    expect(await emails()).toEqual([9, 2, 3].map(address))
    expect(await moved([2, 3, 9])).toEqual([])
    expect(await emails()).toEqual([2, 3, 9].map(address))
  })

  test('move from a row that goes to a new one and to one that stays', async () => {
    const { rowIds, save, emails } = await open(owner, 3)
    expect(await save({ remove: [rowIds[0]], add: [{ email: address(1), isPrimary: true }] })).toEqual([])
    expect(await emails()).toEqual([2, 3, 1].map(address))
    const update = [{ id: rowIds[2], email: address(2), isPrimary: true }]
    expect(await save({ remove: [rowIds[1]], update, add: [{ email: address(3) }] })).toEqual([])
    expect(await emails()).toEqual([2, 1, 3].map(address))
  })

  test('are still refused where another record has one, or two rows get the same', async () => {
    const { tenant, admin, ownerId, rowIds, save } = await open(owner, 2)
    const { company: other } = await desk.mutate(
      admin,
      'createCompany',
      { name: 'Other', emailAddresses: [{ email: address(8) }] },
      'company { id }',
    )
    const before = await desk.rowsOf(tenant)
    const [first, second] = rowIds
    const field = (index: number) => ['emailAddresses', 'update', String(index), 'email']
    const taken = await save({
      update: [
        { id: first, email: address(2) },
        { id: second, email: address(8) },
      ],
    })
    expect(taken).toEqual([
      userError('ALREADY_EXISTS', field(1), `Another record has the e-mail address ${address(8)}.`, {
        conflictingId: other.id,
      }),
    ])
    expect(await save({ update: [{ id: first, email: address(2) }] })).toEqual([
      userError('BAD_USER_INPUT', field(0), 'The same e-mail address stands twice on this record.'),
    ])
    expect(ownerId).not.toBe(other.id)
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })
})

const seed = testSeed()

/** What becomes of each of four rows: it goes, it stays (0), or it takes the address of that number; then new ones. */
const planArbitrary = fc.record({
  rows: fc.array(fc.constantFrom('gone' as const, 0, 1, 2, 3, 4, 5), { minLength: 4, maxLength: 4 }),
  added: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 2 }),
  primary: fc.option(fc.integer({ min: 0, max: 3 }), { nil: null }),
})

test(`whatever the input as a whole allows is allowed: KITH_TEST_SEED=${seed}`, async () => {
  await fc.assert(
    fc.asyncProperty(planArbitrary, async ({ rows: plan, added, primary }) => {
      const { rowIds, save, rows, emails } = await open('contact', 4)
      const update = plan.flatMap((target, index) =>
        target === 'gone'
          ? []
          : [
              {
                id: rowIds[index],
                ...(target === 0 ? {} : { email: address(target) }),
                ...(primary === null ? {} : { isPrimary: primary === index }),
              },
            ],
      )
      const remove = rowIds.filter((_, index) => plan[index] === 'gone')
      const kept = plan.flatMap((target, index) => (target === 'gone' ? [] : [target === 0 ? index + 1 : target]))
      const wanted = [...kept, ...added]
      const errors = await save({ update, remove, add: added.map((n) => ({ email: address(n) })) })
      if (new Set(wanted).size < wanted.length) {
        const message = 'The same e-mail address stands twice on this record.'
        const field = ['emailAddresses', expect.stringMatching(/^(add|update)$/), expect.any(String), 'email']
        const one = { ...userError('BAD_USER_INPUT', [], message), field }
        expect(errors).toEqual(Array(wanted.length - new Set(wanted).size).fill(one))
        expect(await emails()).toEqual([1, 2, 3, 4].map(address))
        return
      }
      expect(errors).toEqual([])
      expect(await emails()).toEqual(wanted.map(address))
      expect((await rows()).filter(({ isPrimary }) => isPrimary)).toHaveLength(wanted.length > 0 ? 1 : 0)
    }),
    { seed, numRuns: 80 },
  )
})

test('two exchanges and two primary rows cost the statements of one', async () => {
  const { rowIds, save } = await open('contact', 4)
  const exchange = (pairs: [number, number][]) =>
    desk.api.statements(() => save({ update: pairs.map(([index, n]) => ({ id: rowIds[index], email: address(n) })) }))
  const one = await exchange([
    [0, 2],
    [1, 1],
  ])
  const two = await exchange([
    [0, 1],
    [1, 2],
    [2, 4],
    [3, 3],
  ])
  expect(one.filter(({ label }) => label === 'updateRows.emailAddresses')).toHaveLength(2)
  expect(two.map(({ label }) => label)).toEqual(one.map(({ label }) => label))
})
