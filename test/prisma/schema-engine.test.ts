import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { runAsAdmin, testRun } from '../setup/test-run.js'
import {
  cliEnvironment,
  createScratchProject,
  ENGINE,
  FIRST_MIGRATION,
  runCommand,
  SCHEMA,
  type ScratchProject,
} from './scratch-project.js'

let project: ScratchProject

beforeEach(async () => {
  project = await createScratchProject()
})

afterEach(async () => {
  await project.remove()
})

async function deploy(): Promise<void> {
  expect(await project.prisma(['migrate', 'deploy'])).toMatchObject({ code: 0 })
}

async function applied(): Promise<unknown[]> {
  const rows = await project.query(
    'select migration_name from _prisma_migrations where finished_at is not null order by 1',
  )
  return rows.map((row) => row['migration_name'])
}

async function shadowDatabases(): Promise<number> {
  const { rows } = await runAsAdmin(
    testRun().adminUrl,
    `select count(*) as shadows from pg_database d join pg_roles r on r.oid = d.datdba
     where datname like 'prisma_migrate_shadow_db_%' and r.rolname = '${project.database}'`,
  )
  return Number(rows[0]?.['shadows'])
}

const DIFF = ['migrate', 'diff', '--from-migrations', 'prisma/migrations', '--to-schema', 'prisma/schema.prisma']

describe('prisma, with the engine from npm', () => {
  test('generate writes the client, with its preview features and the small compiler', async () => {
    expect(await project.prisma(['generate'])).toMatchObject({ code: 0 })
    const read = (path: string): string => readFileSync(join(project.folder, 'generated', path), 'utf8')
    expect(existsSync(join(project.folder, 'generated/client.ts'))).toBe(true)
    expect(read('internal/prismaNamespace.ts')).toContain('export const skip')
    expect(read('internal/class.ts')).toContain('query_compiler_small_bg')
  })

  test('validate ends with 0, and with 1 and the place of what is wrong', async () => {
    expect(await project.prisma(['validate'])).toMatchObject({ code: 0 })
    project.write('prisma/schema.prisma', SCHEMA.replace('name  String', 'name  Strin'))
    const invalid = await project.prisma(['validate'])
    expect(invalid.code).toBe(1)
    expect(invalid.output).toContain('Type "Strin" is neither a built-in type')
  })

  test('--version names the engine of this release', async () => {
    const { code, output } = await project.prisma(['--version'])
    expect(code).toBe(0)
    const [, hash = ''] = /Default Engines Hash : (\w{40})/.exec(output) ?? []
    expect(output).toContain(`Schema Engine        : schema-engine-cli ${hash} (at `)
  })

  // One project's days, in turn: each command is a start of the CLI and of the engine, 3 s of CPU.
  test('migrate status, deploy, dev and reset say and do what they should, one after the other', async () => {
    const pending = await project.prisma(['migrate', 'status'])
    expect(pending.code).toBe(1)
    expect(pending.output).toContain('20260101000000_first')

    // Function bodies hold semicolons.
    await deploy()
    expect(await project.query('select twice(21) as answer')).toEqual([{ answer: 42 }])
    const done = await project.prisma(['migrate', 'status'])
    expect(done.code).toBe(0)
    expect(done.output).toContain('Database schema is up to date!')
    const again = await project.prisma(['migrate', 'deploy'])
    expect(again).toMatchObject({ code: 0 })
    expect(again.output).toContain('No pending migrations to apply.')
    expect(await applied()).toEqual(['20260101000000_first'])

    project.write('prisma/schema.prisma', SCHEMA.replace('name  String', 'name  String\n  born  Int?'))
    const dev = await project.prismaInTerminal('migrate dev --name born')
    expect(dev.output).toContain('_born')
    expect(dev).toMatchObject({ code: 0 })
    const [folder = ''] = readdirSync(join(project.folder, 'prisma/migrations')).filter((name) =>
      name.endsWith('_born'),
    )
    expect(readFileSync(join(project.folder, 'prisma/migrations', folder, 'migration.sql'), 'utf8')).toBe(
      '-- AlterTable\nALTER TABLE "Author" ADD COLUMN     "born" INTEGER;\n',
    )
    expect(await applied()).toEqual(['20260101000000_first', folder])
    expect(await shadowDatabases()).toBe(0)

    await project.query(`insert into "Author" values (1, 'Ann')`)
    expect(await project.prisma(['migrate', 'reset', '--force'])).toMatchObject({ code: 0 })
    expect(await project.query('select * from "Author"')).toEqual([])
    expect(await applied()).toEqual(['20260101000000_first', folder])
  }, 180_000)

  test('two migrate deploy at once do no harm', async () => {
    const [one, two] = await Promise.all([project.prisma(['migrate', 'deploy']), project.prisma(['migrate', 'deploy'])])
    expect([one.code, two.code]).toEqual([0, 0])
    expect(await project.query('select count(*)::int as rows from _prisma_migrations')).toEqual([{ rows: 1 }])
  })

  test('migrate deploy makes a database that is missing', async () => {
    await runAsAdmin(testRun().adminUrl, `DROP DATABASE "${project.database}"`)
    await deploy()
    expect(await applied()).toEqual(['20260101000000_first'])
  })

  test('a database that another deploy made meanwhile is as good as an own one', async () => {
    const args = ['cli', 'create-database', '--datasource', JSON.stringify({ url: project.url })]
    const made = await runCommand(ENGINE, args, { cwd: project.folder, env: cliEnvironment({}) })
    expect(made).toEqual({ code: 0, output: '' })
  })

  test('a role that may not create databases is told so', async () => {
    await runAsAdmin(testRun().adminUrl, `ALTER ROLE "${project.database}" NOCREATEDB`)
    const missing = Object.assign(new URL(project.url), { pathname: `/${project.database}_missing` }).href
    const deployed = await project.prisma(['migrate', 'deploy'], { SCRATCH_URL: missing })
    expect(deployed.code).toBe(1)
    expect(deployed.output).toContain('P1010')
    expect(deployed.output).toContain('permission denied to create database')
    const compared = await project.prisma([...DIFF, '--exit-code'])
    expect(compared.code).toBe(1)
    expect(compared.output).toContain('permission denied to create database')
  })

  test('a migration that fails is rolled back as a whole, says why, and migrate resolve clears it', async () => {
    await deploy()
    project.write('prisma/migrations/20260102000000_bad/migration.sql', 'CREATE TABLE half (id int);\nSELECT 1 / 0;\n')
    const failed = await project.prisma(['migrate', 'deploy'])
    expect(failed.code).toBe(1)
    expect(failed.output).toContain('division by zero')
    expect(await project.query(`select to_regclass('half')::text as half`)).toEqual([{ half: null }])
    const blocked = await project.prisma(['migrate', 'deploy'])
    expect(blocked.code).toBe(1)
    expect(blocked.output).toContain('P3009')
    expect(await project.prisma(['migrate', 'resolve', '--rolled-back', '20260102000000_bad'])).toMatchObject({
      code: 0,
    })
    project.write('prisma/migrations/20260102000000_bad/migration.sql', 'CREATE TABLE whole (id int);\n')
    await deploy()
    expect(await applied()).toEqual(['20260101000000_first', '20260102000000_bad'])
  })

  test('migrate resolve --applied marks a migration without running it', async () => {
    expect(await project.prisma(['migrate', 'resolve', '--applied', '20260101000000_first'])).toMatchObject({ code: 0 })
    expect(await applied()).toEqual(['20260101000000_first'])
    expect(await project.query(`select to_regclass('"Author"')::text as author`)).toEqual([{ author: null }])
  })

  test('migrate diff ends with 0 when equal, with 2 and the SQL when not, and leaves no shadow database', async () => {
    const same = await project.prisma([...DIFF, '--exit-code'])
    expect(same.code).toBe(0)
    expect(same.output).toContain('No difference detected.')
    const changed = SCHEMA.replace('name  String', 'name  String\n  born  Int?').replace(`<> ''::text`, `<> 'x'::text`)
    project.write('prisma/schema.prisma', changed)
    const different = await project.prisma([...DIFF, '--exit-code', '--script'])
    expect(different.code).toBe(2)
    expect(different.output).toContain('ALTER TABLE "Author" ADD COLUMN     "born" INTEGER;')
    // The condition of the partial index changed.
    expect(different.output).toContain(`WHERE (name <> 'x'::text)`)
    expect(await shadowDatabases()).toBe(0)
  })

  test('migrate diff between schema files needs no database', async () => {
    const args = ['migrate', 'diff', '--from-empty', '--to-schema', 'prisma/schema.prisma', '--script']
    const { code, output } = await project.prisma(args, { SCRATCH_URL: '' })
    expect(output).toContain('CREATE TABLE "Author"')
    expect(code).toBe(0)
  })

  test('migrate diff ends with 1 when a migration does not run', async () => {
    project.write('prisma/migrations/20260102000000_bad/migration.sql', 'SELECT nonsense;\n')
    const failed = await project.prisma([...DIFF, '--exit-code'])
    expect(failed.code).toBe(1)
    expect(failed.output).toContain('nonsense')
    expect(await shadowDatabases()).toBe(0)
  })

  test('db push makes the tables, db pull reads them back, db execute runs a script', async () => {
    expect(await project.prisma(['db', 'push'])).toMatchObject({ code: 0 })
    project.write('script.sql', FIRST_MIGRATION.slice(FIRST_MIGRATION.indexOf('CREATE FUNCTION')))
    expect(await project.prisma(['db', 'execute', '--file', 'script.sql'])).toMatchObject({ code: 0 })
    expect(await project.query('select twice(4) as answer')).toEqual([{ answer: 8 }])
    const [generators = ''] = SCHEMA.split('model ')
    project.write('prisma/schema.prisma', generators)
    expect(await project.prisma(['db', 'pull'])).toMatchObject({ code: 0 })
    expect(readFileSync(join(project.folder, 'prisma/schema.prisma'), 'utf8')).toMatch(/model Author[\s\S]*model Book/)
  })

  test('a wrong password, and a server that is not there, are said as such', async () => {
    const url = new URL(project.url)
    const wrong = await project.prisma(['migrate', 'deploy'], {
      SCRATCH_URL: Object.assign(new URL(url), { password: 'x' }).href,
    })
    expect(wrong.code).toBe(1)
    expect(wrong.output).toContain('P1000')
    const away = await project.prisma(['migrate', 'deploy'], {
      // pg warns about this mode on standard error, where the CLI looks for the reason.
      SCRATCH_URL: Object.assign(new URL(url), { port: '1', search: '?sslmode=require' }).href,
    })
    expect(away.code).toBe(1)
    expect(away.output).toContain('P1001')
  })

  test('an engine that panics ends the command with an error', async () => {
    const panicked = await project.prisma(['migrate', 'deploy'], { FORCE_PANIC_SCHEMA_ENGINE: '1' })
    expect(panicked.code).not.toBe(0)
    expect(panicked.output).toContain('This is the debugPanic artificial panic')
  })
})
