import { expect, test } from '@jest/globals'
import { findMissingIndexes } from '../../../src/features/performance/missing-index.js'
import type { IndexRow, TableRow } from '../../../src/features/performance/performance.repository.js'
import type { PlanNode } from '../../../src/metrics/plans.js'

const TABLES = [{ name: 'contacts', rows: 1_000_000 }, { name: 'tenants', rows: 50 }] as TableRow[] // prettier-ignore
const index = (definition: string, isValid = true) => ({ table: 'contacts', definition, isValid }) as IndexRow
const INDEXES = [
  index('CREATE UNIQUE INDEX contacts_pkey ON public.contacts USING btree (tenant_id, id)'),
  index('CREATE INDEX i ON public.contacts USING btree (tenant_id, last_name, id)'),
  index('CREATE INDEX j ON public.contacts USING btree (tenant_id, birth_date)', false),
]
const SLOW = { label: 'report', durationMs: 812.4, rows: 3 }
const scan = (more: object): PlanNode => ({ 'Node Type': 'Seq Scan', 'Relation Name': 'contacts', Alias: 'c', ...more })
const found = (plan: PlanNode, slow = SLOW) =>
  findMissingIndexes(slow, plan, TABLES, INDEXES).map(({ columns }) => columns)

test('a scan of a large table for a column that no index begins with lacks one', () => {
  const plan = { 'Node Type': 'Limit', Plans: [scan({ Filter: '((deleted_at IS NULL) AND (tenant_id = $1) AND (department = $2))' })] } // prettier-ignore
  expect(findMissingIndexes(SLOW, plan, TABLES, INDEXES)).toEqual([
    {
      table: 'contacts',
      columns: ['tenant_id', 'department'],
      evidence:
        'report took 812 ms for 3 rows: it looks for department among the 1,000,000 rows of contacts, and no index begins with that.',
      others: 3,
    },
  ])
})

const OF_TENANT = { 'Index Cond': '(tenant_id = $1)' }
test.each<[string, object, string[][]]>([
  ['without a tenant', { Filter: '(department = $1)' }, [['department']]],
  ['that casts the column', { Filter: '((c.department)::text = $1)' }, [['department']]],
  ['for one of a range, where nothing is equal', { Filter: '((score > $2) AND (tenant_id = $1))' }, [['tenant_id', 'score']]],
  ['for equality before a range', { Filter: '((score > $2) AND (department = $1))' }, [['department']]],
  ['whose index is broken', { Filter: '(birth_date = $1)' }, [['birth_date']]],
  ["of a tenant's part", { 'Node Type': 'Index Scan', ...OF_TENANT, Filter: '(department = $2)' }, [['tenant_id', 'department']]],
  ['by a bitmap', { 'Node Type': 'Bitmap Heap Scan', Plans: [{ 'Node Type': 'Bitmap Index Scan', ...OF_TENANT }], Filter: '(department = $2)' }, [['tenant_id', 'department']]],
  ['that an index leads to', { 'Node Type': 'Index Scan', 'Index Cond': '((tenant_id = $1) AND (id = $2))', Filter: '(department = $3)' }, []],
  ['that has an index', { Filter: '((tenant_id = $1) AND (last_name = $2))' }, []],
  ['of a function', { Filter: '(lower((department)::text) = $1)' }, []],
  ['of another table of a join', { Filter: '(o.department = $1)' }, []],
  ['of a small table', { 'Relation Name': 'tenants', Filter: '(slug = $1)' }, []],
  ['of all rows', {}, []],
])('a scan %s', (_, more, expected) => {
  expect(found(scan(more))).toEqual(expected)
}) // prettier-ignore

test('a statement that gives one of a hundred rows or more reads what it needs', () => {
  const plan = scan({ Filter: '(department = $1)' })
  expect([found(plan, { ...SLOW, rows: 10_000 }), found(plan, { ...SLOW, rows: 10_001 })]).toEqual([
    [['department']],
    [],
  ])
})
