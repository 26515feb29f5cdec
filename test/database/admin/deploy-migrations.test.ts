import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { deployMigrations } from '../../../src/database/admin/deploy-migrations.js'
import { cloneDatabase, type ClonedDatabase } from '../../setup/database.js'
import { processEnvironment, runAsAdmin } from '../../setup/test-run.js'

let clone: ClonedDatabase
let folder: string
let lines: string[]

beforeEach(async () => {
  clone = await cloneDatabase()
  folder = mkdtempSync(join(tmpdir(), 'kith-migrations-'))
  cpSync('prisma/migrations', folder, { recursive: true })
  lines = []
})

afterEach(async () => {
  rmSync(folder, { recursive: true })
  await clone.drop()
})

function add(name: string, sql: string): void {
  mkdirSync(join(folder, name))
  writeFileSync(join(folder, name, 'migration.sql'), sql)
}

function deploy(): Promise<void> {
  const log = (line: string): void => void lines.push(line)
  return deployMigrations(clone.migrationUrl, pathToFileURL(`${folder}/`), log, (changes) => ({
    ...processEnvironment(),
    ...changes,
  }))
}

async function applied(): Promise<unknown[]> {
  const { rows } = await runAsAdmin(
    clone.adminUrl,
    `select migration_name as name, finished_at is not null as is_done from _prisma_migrations
      where migration_name like '9%' order by started_at`,
  )
  return rows
}

test('applies what is missing, once', async () => {
  await deploy()
  expect(lines).toEqual([])
  add('99990101000001_kept', 'create table kept as select 1 as row;')
  await deploy()
  await deploy()
  expect(lines).toEqual(['Migrating the local database …'])
  expect(await applied()).toEqual([{ name: '99990101000001_kept', is_done: true }])
  expect((await runAsAdmin(clone.adminUrl, 'select row from kept')).rows).toEqual([{ row: 1 }])
})

test('says which migration failed and why; those before it stay', async () => {
  add('99990101000001_kept', 'create table kept as select 1 as row;')
  add('99990101000002_broken', 'insert into nowhere values (1);')
  await expect(deploy()).rejects.toThrow(
    /^The local database was not migrated:\n[\s\S]*No such table: nowhere[\s\S]*migration_name="99990101000002_broken"/,
  )
  expect(await applied()).toEqual([
    { name: '99990101000001_kept', is_done: true },
    { name: '99990101000002_broken', is_done: false },
  ])
})
