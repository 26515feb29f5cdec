import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createScope, FULL_ACCESS, type Scope } from '../../src/access/scope.js'
import type { DeletedRecords } from '../../src/access/deleted-records.js'
import { statement } from '../../src/database/sql.js'
import { idPageSql } from '../../src/list/id-page.js'
import { readListQuery, type ListArguments } from '../../src/list/list-query.js'
import { createServices } from '../../src/start/services.js'
import { TEST_SECRET } from '../support/api.js'
import { openDesk, openTenant, type Desk } from '../support/desk.js'
import { planBuffers, planText, scannedTables, sortedRows, type PlanNode } from '../whole/plans/plan.js'

const services = createServices({} as never, TEST_SECRET)
const LIVE = 20_000
const DELETED = 2000

let desk: Desk
let scope: Scope

beforeAll(async () => {
  desk = await openDesk()
  const { tenant, admin } = await openTenant(desk)
  scope = createScope(admin, services.registry, new Date(), FULL_ACCESS)
  for (const [table, name] of [
    ['companies', 'name'],
    ['contacts', 'last_name'],
  ] as const) {
    await desk.sql(
      `insert into ${table} (tenant_id, id, ${name}, created_at, updated_at, deleted_at)
        select $1, gen_random_uuid(), 'Name ' || n, now() - n * interval '1 min', now(),
          case when n % ${(LIVE + DELETED) / DELETED} = 0 then now() - n * interval '1 s' end
        from generate_series(1, ${LIVE + DELETED}) as n`,
      [tenant.settings.id],
    )
  }
  await desk.sql('vacuum analyze companies')
  await desk.sql('vacuum analyze contacts')
})

afterAll(() => desk.close())

async function plan(concept: 'Contact' | 'Company', args: ListArguments): Promise<PlanNode> {
  const query = readListQuery(scope, services, scope.registry.concept(concept), args)
  const { text, values } = statement('explained', idPageSql(scope, query, null).sql)
  const rows = await desk.sql(`explain (analyze, buffers, format json) ${text}`, [...values])
  return rows[0]?.['QUERY PLAN'][0].Plan as PlanNode
}

const PAGE = 50
const ORDERS = [
  ['created_at', undefined],
  ['created_at', [{ field: 'CREATED_AT', direction: 'ASC' }]],
  ['deleted_at', [{ field: 'DELETED_AT', direction: 'DESC' }]],
  ['deleted_at', [{ field: 'DELETED_AT', direction: 'ASC' }]],
] as const

describe.each(['Contact', 'Company'] as const)('%s', (concept) => {
  const table = concept === 'Contact' ? 'contacts' : 'companies'
  const only: DeletedRecords = 'ONLY'

  test.each(ORDERS)('deleted ones are found by an index on %s and in its order (%j)', async (column, orderBy) => {
    const found = await plan(concept, { deleted: only, orderBy: orderBy ?? null, first: PAGE })
    const text = planText(found)
    const index = column === 'deleted_at' ? `idx_${table}_deleted_at` : `idx_${table}_deleted_created_at`
    expect(text).toContain(index)
    expect([scannedTables(found), sortedRows(found)]).toEqual([[], []])
    expect(planBuffers(found)).toBeLessThan(3 * PAGE)
  })

  test('both together are a page of each, sorted together', async () => {
    const found = await plan(concept, { deleted: 'INCLUDE', first: PAGE })
    const text = planText(found)
    expect(text).toContain(`idx_${table}_deleted_created_at`)
    expect(text).toContain(`idx_${table}_created_at`)
    expect(scannedTables(found)).toEqual([])
    expect(planBuffers(found)).toBeLessThan(6 * PAGE)
  })

  test('no live one has a moment of deletion: none is looked at', async () => {
    const none = await plan(concept, { filter: { deletedAt: { gte: '2026-01-01T00:00:00Z' } }, first: PAGE })
    expect(planBuffers(none)).toBe(0)
    const all = await plan(concept, { orderBy: [{ field: 'DELETED_AT' }], first: PAGE })
    expect([scannedTables(all), sortedRows(all)]).toEqual([[], []])
    expect(planBuffers(all)).toBeLessThan(3 * PAGE)
  })

  test('by another column few of them are sorted, no live one is read', async () => {
    const orderBy = [{ field: concept === 'Contact' ? 'LAST_NAME' : 'NAME' }]
    const found = await plan(concept, { deleted: only, orderBy, first: PAGE })
    expect(scannedTables(found)).toEqual([])
    expect(Math.max(...sortedRows(found))).toBeLessThanOrEqual(DELETED)
  })
})
