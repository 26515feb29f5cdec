import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createFieldChores, type FieldChores } from '../../../src/features/custom-field/field-chores.js'
import { testDatabaseOptions } from '../../support/api.js'
import { openDesk, openTenant, type Desk } from '../../support/desk.js'
import { changeField, undoChange, valueRows } from './support/change.js'
import { createField } from './support/fields.js'

const RECORDS = 3000
// As many values as it takes some seconds to copy.
const PROGRAM = `
  const [database, chores, options] = process.argv.slice(1)
  const { createDatabase } = await import(database)
  const { createFieldChores } = await import(chores)
  const report = (error) => { console.error(error); process.exit(1) }
  await createFieldChores({ database: createDatabase(JSON.parse(options)), changed() {}, report, batchSize: 20 }).resume()
`
const held: FieldChores = {
  run: () => Promise.resolve(),
  resume: () => Promise.resolve(),
  stop: () => Promise.resolve(),
}

let desk: Desk
beforeAll(async () => {
  desk = await openDesk(undefined, { fieldChores: held })
})
afterAll(() => desk.close())

/** A process that copies what is to be copied, 20 values at a time. */
function copyInProcess() {
  const modules = ['src/database/database.ts', 'src/features/custom-field/field-chores.ts'].map(
    (file) => pathToFileURL(file).href,
  )
  const options = JSON.stringify(testDatabaseOptions(desk.databaseUrl, 2))
  const args = ['--import', 'tsx', '--input-type=module', '--eval', PROGRAM, ...modules, options]
  return spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] })
}

test('a process that is killed while it copies leaves whole batches, and another one ends the change', async () => {
  const { tenant, admin } = await openTenant(desk)
  const { id } = await createField(desk, admin, { key: 'own' })
  await desk.sql(
    `with made as (
        insert into contacts (tenant_id, id, created_at, updated_at, first_name)
        select $1, gen_random_uuid(), now(), now(), 'C' || n from generate_series(1, ${RECORDS}) as n returning tenant_id, id, first_name)
      insert into custom_field_values (tenant_id, id, created_at, updated_at, entity_type, entity_id, definition_id, text_value)
      select tenant_id, gen_random_uuid(), now(), now(), 'CONTACT', id, $2,
        case when right(first_name, 1) = '7' then 'none' else substr(first_name, 2) end from made`,
    [tenant.settings.id, id],
  )
  const before = await valueRows(desk, id)
  const { plan, field } = await changeField(desk, admin, { id, type: 'NUMBER' })
  expect([plan.converts, plan.fails, field.change.state]).toEqual([RECORDS * 0.9, RECORDS * 0.1, 'RUNNING'])
  const progress = async () => {
    const [row] = await desk.sql("select change_state as state, change->>'otherId' as other, (change->>'converted')::int as converted, (change->>'failed')::int as failed from custom_field_definitions where id = $1", [id]) // prettier-ignore
    return row as { state: string | null; other: string; converted: number; failed: number }
  }
  const { other } = await progress()
  const child = copyInProcess()
  const ended = once(child, 'exit')
  while ((await progress()).converted < 100 && child.exitCode === null) await sleep(5)
  child.kill('SIGKILL')
  expect(await ended).toEqual([null, 'SIGKILL'])
  // The server may yet end what it had of a batch.
  await sleep(200)
  const left = await progress()
  expect(left.state).toBe('RUNNING')
  expect(left.converted + left.failed).toBeGreaterThanOrEqual(100)
  expect(left.converted + left.failed).toBeLessThan(RECORDS)
  expect((left.converted + left.failed) % 20).toBe(0)
  expect(await valueRows(desk, other)).toHaveLength(left.converted)
  expect(await valueRows(desk, id)).toEqual(before)

  const failures: Error[] = []
  const report = (error: Error): void => void failures.push(error)
  await createFieldChores({ database: desk.api.database, changed: () => undefined, report }).resume()
  expect(failures).toEqual([])
  const done = (await desk.sql("select change_state, archived_at, change->>'converted' as converted, change->>'failed' as failed from custom_field_definitions where id = $1", [other]))[0] // prettier-ignore
  expect(done).toEqual({ change_state: 'DONE', archived_at: null, converted: '2700', failed: '300' })
  const numbers = before
    .filter((row) => row['text_value'] !== 'none')
    .map((row) => [row['entity_id'], row['text_value']])
  const copied = (await valueRows(desk, other)).map((row) => [row['entity_id'], row['number_value']])
  expect(copied).toEqual(numbers)
  expect((await undoChange(desk, admin, { id: other })).userErrors).toEqual([])
  expect(await valueRows(desk, id)).toEqual(before)
}, 60_000)
