import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createFirstStatistics } from '../../src/database/first-statistics.js'
import type { Principal } from '../../src/lib/principal.js'
import { createField } from '../features/custom-field/support/fields.js'
import { openDesk, openTenant, type Desk } from '../support/desk.js'

let desk: Desk
let admin: Principal

beforeAll(async () => {
  desk = await openDesk()
  admin = (await openTenant(desk)).admin
})

afterAll(() => desk.close())

/** The tables that have rows, and of these the ones that were analyzed by somebody else than autovacuum. */
async function tables(): Promise<{ filled: string[]; analyzed: string[] }> {
  const rows = await desk.sql(
    `select relname::text as name, last_analyze is not null and last_autoanalyze is null as "isAnalyzed"
     from pg_stat_user_tables where schemaname = 'public' and pg_relation_size(relid) > 0 order by relname`,
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
  }
}

const contacts = (count: number, more: object) => ({
  rows: Array.from({ length: count }, () => ({ lastName: 'Ito', ...more })),
})

test('tables have statistics soon after rows came by mutations: those that have rows, and each when it gets its first', async () => {
  await desk.mutate(admin, 'bulkCreateContacts', contacts(10, {}))
  expect((await tables()).analyzed).toEqual([])
  await desk.mutate(admin, 'bulkCreateContacts', contacts(50, {}))
  const analyzed = await allAnalyzed()
  expect(analyzed).toContain('contacts')
  expect(analyzed).not.toContain('custom_field_values')

  await createField(desk, admin, { key: 'note', type: 'TEXT' })
  const noted = contacts(50, { customFields: [{ key: 'note', text: 'one' }] })
  await desk.mutate(admin, 'bulkCreateContacts', noted)
  expect((await allAnalyzed()).filter((name) => !analyzed.includes(name))).toEqual([
    'custom_field_definitions',
    'custom_field_values',
  ])
})

test.each(['kith_app', 'kith_keys', 'public'])('%s may not have tables analyzed', async (role) => {
  const [row] = await desk.sql(`select has_function_privilege($1, 'kith_analyze_new(text[])', 'execute') as may`, [
    role,
  ])
  expect(row).toEqual({ may: false })
})

test('rows are added up to 50, also those that come while tables are analyzed, and after a failure', async () => {
  const asked: string[][] = []
  const answers: ((name: string | null | Error) => void)[] = []
  const { noteWritten } = createFirstStatistics((done) => {
    asked.push([...done])
    return new Promise((resolve, reject) =>
      answers.push((name) => (name instanceof Error ? reject(name) : resolve(name))),
    )
  })
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
  noteWritten(49)
  expect(asked).toHaveLength(3)
  noteWritten(1)
  expect(asked).toHaveLength(4)
})
