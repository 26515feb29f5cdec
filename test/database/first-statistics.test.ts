import { afterAll, beforeAll, expect, test } from '@jest/globals'
import pg from 'pg'
import { createFirstStatistics } from '../../src/database/first-statistics.js'
import type { Principal } from '../../src/lib/principal.js'
import { createField } from '../features/custom-field/support/fields.js'
import { openDesk, openTenant, type Desk } from '../support/desk.js'

let desk: Desk
let admin: Principal

beforeAll(async () => {
  desk = await openDesk()
  admin = (await openTenant(desk)).admin
  await desk.sql(`do $$ declare t regclass; begin
    for t in select oid from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' loop
      execute format('alter table %s set (autovacuum_enabled = off)', t);
    end loop; end $$`)
})

afterAll(() => desk.close())

/** The tables that have rows, and of these the ones that have statistics: autovacuum makes none here. */
async function tables(): Promise<{ filled: string[]; analyzed: string[] }> {
  const rows = await desk.sql(
    `select c.relname::text as name, exists (select from pg_stats s where s.tablename = c.relname) as "isAnalyzed"
     from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and pg_relation_size(c.oid) > 0 order by 1`,
  )
  return {
    filled: rows.map(({ name }) => String(name)),
    analyzed: rows.filter(({ isAnalyzed }) => isAnalyzed).map(({ name }) => String(name)),
  }
}

async function allAnalyzed(): Promise<string[]> {
  for (;;) {
    const { filled, analyzed } = await tables()
    if (filled.length === analyzed.length) return analyzed
    await new Promise(setImmediate)
  }
}

const contacts = (count: number, more: object) => ({
  rows: Array.from({ length: count }, () => ({ lastName: 'Ito', ...more })),
})

test('tables have statistics soon after rows came by mutations: those that have rows, and each when it gets its first', async () => {
  await desk.mutate(admin, 'bulkCreateContacts', contacts(10, {}))
  expect((await tables()).analyzed).not.toContain('contacts')
  await desk.mutate(admin, 'bulkCreateContacts', contacts(50, {}))
  const analyzed = await allAnalyzed()
  expect(analyzed).toContain('contacts')
  expect(analyzed).not.toContain('custom_field_values')

  await createField(desk, admin, { key: 'note', type: 'TEXT' })
  const noted = contacts(200, { customFields: [{ key: 'note', text: 'one' }] })
  await desk.mutate(admin, 'bulkCreateContacts', noted)
  expect((await allAnalyzed()).filter((name) => !analyzed.includes(name))).toEqual([
    'custom_field_definitions',
    'custom_field_values',
  ])
})

test('a table that an index was made on has no statistics by that, and one that is locked keeps none from them', async () => {
  await desk.sql(
    'create table notes_by_hand with (autovacuum_enabled = off) as select n from generate_series(1, 1000) as n; create index on notes_by_hand (n)',
  )
  await desk.sql('create table locked_by_hand with (autovacuum_enabled = off) as select 1 as n')
  const [{ owner } = {}] = await desk.sql(
    "select quote_ident(tableowner) as owner from pg_tables where tablename = 'contacts'",
  )
  await desk.sql(`alter table notes_by_hand owner to ${owner}; alter table locked_by_hand owner to ${owner}`)
  await desk.sql('begin; lock table locked_by_hand in share update exclusive mode')
  try {
    await desk.mutate(admin, 'bulkCreateContacts', contacts(400, {}))
    const other = new pg.Client({ connectionString: desk.adminUrl })
    await other.connect()
    const statistics = "select distinct tablename::text as name from pg_stats where tablename like '%\\_by\\_hand'"
    let found: unknown[] = []
    while (found.length === 0) found = (await other.query(statistics)).rows
    await other.end()
    expect(found).toEqual([{ name: 'notes_by_hand' }])
  } finally {
    await desk.sql('rollback')
  }
  await desk.mutate(admin, 'bulkCreateContacts', contacts(400, {}))
  expect(await allAnalyzed()).toEqual(expect.arrayContaining(['locked_by_hand', 'notes_by_hand']))
})

test.each(['kith_app', 'kith_keys', 'public'])('%s may not have tables analyzed', async (role) => {
  const [row] = await desk.sql(`select has_function_privilege($1, 'kith_analyze_new(text[])', 'execute') as may`, [
    role,
  ])
  expect(row).toEqual({ may: false })
})

test('rows are added up to 50, also those that come while tables are analyzed, and a minute after a failure', async () => {
  const asked: string[][] = []
  const answers: ((name: string | null | Error) => void)[] = []
  let nowMs = 0
  const analyzeNext = (done: readonly string[]): Promise<string | null> => {
    asked.push([...done])
    return new Promise((resolve, reject) =>
      answers.push((name) => (name instanceof Error ? reject(name) : resolve(name))),
    )
  }
  const { noteWritten } = createFirstStatistics(analyzeNext, () => nowMs)
  const answer = async (name: string | null | Error): Promise<void> => {
    answers.shift()?.(name)
    await new Promise(setImmediate)
  }
  noteWritten(20)
  noteWritten(29)
  expect(asked).toEqual([])
  noteWritten(1)
  expect(asked).toEqual([[]])
  noteWritten(49)
  await answer('contacts')
  noteWritten(1)
  expect(asked).toEqual([[], ['contacts']])
  await answer(null)
  expect(asked).toEqual([[], ['contacts'], []])
  await answer(new Error('away'))
  expect(asked).toHaveLength(3)
  nowMs = 59_999
  noteWritten(50)
  expect(asked).toHaveLength(3)
  nowMs = 60_000
  noteWritten(1)
  expect(asked).toHaveLength(4)
})

test('where all tables have statistics it is asked less and less often, and as before when one has none again', async () => {
  let asked = 0
  let next: (string | null)[] = []
  const { noteWritten } = createFirstStatistics(() => Promise.resolve((asked++, next.shift() ?? null)))
  /** How many rows are written until it is asked again. */
  const rowsUntilAsked = async (): Promise<number> => {
    const before = asked
    for (let rows = 1; ; rows++) {
      noteWritten(1)
      if (asked === before) continue
      await new Promise(setImmediate)
      return rows
    }
  }
  const rows = []
  for (let times = 0; times < 9; times++) rows.push(await rowsUntilAsked())
  expect(rows).toEqual([50, 100, 200, 400, 800, 1600, 3200, 5000, 5000])
  next = ['custom_field_values']
  expect([await rowsUntilAsked(), await rowsUntilAsked()]).toEqual([5000, 50])
})
