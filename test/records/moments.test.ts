import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import type { Principal } from '../../src/lib/principal.js'
import { KIND_SAMPLES } from '../support/contact-info.js'
import { openDesk, openTenant, type Desk } from '../support/desk.js'
import type { TestTenant } from '../support/records.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

const BEFORE = new Date('2026-03-04T05:00:00.000Z')
const NOW = new Date('2026-03-04T06:00:00.000Z')

interface StoredRow {
  readonly id: string
  readonly created_at: string
  readonly updated_at: string
  readonly deleted_at?: string | null
}

/** All rows of a tenant by their ids. */
async function rowsById(tenant: TestTenant): Promise<ReadonlyMap<string, StoredRow>> {
  const rows = Object.values(await desk.rowsOf(tenant)).flat() as { row?: StoredRow }[]
  return new Map(rows.map((row) => [(row as unknown as StoredRow).id, row as unknown as StoredRow]))
}

/** Runs a change and expects that no row's moment goes back by it, and that none lies before the row was created. */
async function neverBack(tenant: TestTenant, work: () => Promise<unknown>): Promise<void> {
  const before = await rowsById(tenant)
  await work()
  const after = [...(await rowsById(tenant)).values()]
  const changed = after.filter((row) => JSON.stringify(before.get(row.id)) !== JSON.stringify(row))
  const wrong = changed.filter(
    ({ id, created_at: created, updated_at: updated, deleted_at: deleted }) =>
      updated < created || updated < (before.get(id)?.updated_at ?? '') || (deleted ?? created) < created,
  )
  expect(wrong).toEqual([])
}

describe('the moments of rows never go back', () => {
  const OWNERS = [
    ['contact', 'Contact', { firstName: 'Ada' }, { jobTitle: 'Clerk' }],
    ['company', 'Company', { name: 'Acme' }, { legalName: 'Acme Inc.' }],
  ] as const

  test.each(OWNERS)(
    'of a %s and its rows, by any change of a request that began earlier',
    async (type, T, name, field) => {
      const { tenant, admin } = await openTenant(desk)
      const info = Object.fromEntries(KIND_SAMPLES.map(({ list, input }) => [list, [input(1), input(2)]]))
      const lists = KIND_SAMPLES.map(({ list }) => `${list} { id }`).join(' ')
      const created = await desk.mutate(admin, `create${T}`, { ...name, ...info }, `${type} { id ${lists} }`, NOW)
      const { id, ...rows } = created[type]
      const change = (mutation: string, input: object) =>
        neverBack(tenant, async () => {
          const { userErrors } = await desk.mutate(admin, mutation, input, '', BEFORE)
          expect(userErrors).toEqual([])
        })
      await change(`update${T}`, { id, ...field })
      for (const { kind, record, list, input, change: changed } of KIND_SAMPLES) {
        const [first, second] = rows[list] as [{ id: string }, { id: string }]
        await change(`add${kind}`, { ownerId: id, [record]: input(3) })
        await change(`update${kind}`, { id: second.id, ...changed.input })
        await change(`make${kind}Primary`, { id: second.id })
        await change(`remove${kind}`, { id: first.id })
      }
      await change(`delete${T}`, { id })
      const [stored] = await desk.sql(
        `select deleted_at, updated_at from ${type === 'contact' ? 'contacts' : 'companies'} where id = $1`,
        [id],
      )
      expect([stored?.['deleted_at'], stored?.['updated_at']]).toEqual([NOW, NOW])
      await change(`restore${T}`, { id })
      expect(
        (await desk.mutate(admin, `update${T}`, { id, notes: 'x' }, `${type} { updatedAt }`, BEFORE))[type],
      ).toEqual({
        updatedAt: NOW.toISOString(),
      })
    },
  )

  test.each([
    ['Industry', 'industry'],
    ['CompanySize', 'companySize'],
    ['User', 'user'],
  ])('of a renamed %s', async (T, record) => {
    const { tenant, admin } = await openTenant(desk)
    const input = T === 'User' ? { name: 'A', email: 'new@example.com', role: 'VIEWER' } : { name: 'A' }
    const { [record]: made } = await desk.mutate(admin, `create${T}`, input, `${record} { id }`, NOW)
    await neverBack(tenant, () => desk.mutate(admin, `rename${T}`, { id: made.id, name: 'B' }, '', BEFORE))
  })

  /** Another writer who has a company for itself, and who waits for it. */
  async function holding(companyId: string, admin: Principal, work: () => Promise<unknown>) {
    const holder = new pg.Client({ connectionString: desk.adminUrl })
    await holder.connect()
    try {
      await holder.query('begin')
      await holder.query('select 1 from companies where id = $1 for key share', [companyId])
      const destroying = desk.mutate(admin, 'destroyCompany', { id: companyId }, 'destroyedId', BEFORE)
      // The key share lets contacts be made that name the company, and keeps its row from being taken for update.
      for (;;) {
        const [waiting] = await desk.sql(
          `select count(*)::int as count from pg_stat_activity where wait_event_type = 'Lock'`,
        )
        if (waiting?.['count'] > 0) break
      }
      await work()
      await holder.query('commit')
      return await destroying
    } finally {
      await holder.end()
    }
  }

  test('of contacts that are made while the destruction of their company waits', async () => {
    const { tenant, admin } = await openTenant(desk)
    const { company } = await desk.mutate(admin, 'createCompany', { name: 'Acme' }, 'company { id }', BEFORE)
    const id = company.id as string
    await neverBack(tenant, async () => {
      const destroyed = await holding(id, admin, async () => {
        await desk.sql(
          `insert into contacts (tenant_id, id, last_name, company_id, created_at, updated_at)
            select $1, gen_random_uuid(), 'Late ' || n, $2, $3, $3 from generate_series(1, 5) as n`,
          [tenant.settings.id, id, NOW],
        )
      })
      expect(destroyed).toEqual({ destroyedId: id, userErrors: [] })
    })
    const late = await desk.sql('select company_id, version, updated_at from contacts where tenant_id = $1', [
      tenant.settings.id,
    ])
    expect(late).toEqual(Array.from({ length: 5 }, () => ({ company_id: null, version: 2, updated_at: NOW })))
  })
})
