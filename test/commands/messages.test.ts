import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { knownMigrations } from '../../src/database/admin/start-checks.js'
import { cloneDatabase, type ClonedDatabase } from '../setup/database.js'
import { runAsAdmin } from '../setup/test-run.js'
import { TEST_SECRET } from '../support/api.js'
import { invalid, openCommands, said, START, type Commands } from '../support/commands.js'

// As the npm scripts run them.
const TOKEN = 'tools/command.mjs token'
const TENANT = 'tools/command.mjs tenant'
const SEED = 'tools/command.mjs seed'
const PROVISION = 'tools/command.mjs provision'
const DEPLOY = 'node_modules/prisma/build/index.js migrate deploy'

const WHO = ' --tenant acme'
const ACME = ' --slug acme --name Acme --admin-email ann@acme.example'
const ABSENT = 'postgresql://kith@127.0.0.1:1/kith'

const MIGRATIONS = knownMigrations(new URL('../../prisma/migrations/', import.meta.url))
const PRINTED_BY = 'Use the one that this prints: ADMIN_DATABASE_URL=postgresql://… npm run db:provision'

/** The usage of each command, as it stands in its source. */
const USAGES: Record<string, string> = {
  [START]: readUsage('src/main.ts'),
  [TOKEN]: readUsage('src/commands/token.ts').replace("${ROLES.join('|')}", 'VIEWER|MEMBER|MANAGER|ADMIN'),
  [TENANT]: readUsage('src/commands/tenant.ts'),
  [SEED]: readUsage('src/commands/seed.ts'),
  [PROVISION]: readUsage('src/commands/provision.ts'),
}

let clone: ClonedDatabase
let unmigrated: ClonedDatabase
let commands: Commands

beforeAll(async () => {
  clone = await cloneDatabase()
  unmigrated = await cloneDatabase()
  await runAsAdmin(unmigrated.adminUrl, 'DROP SCHEMA public CASCADE')
  const owner = pg.escapeIdentifier(decodeURIComponent(new URL(clone.migrationUrl).username))
  await runAsAdmin(unmigrated.adminUrl, `CREATE SCHEMA public AUTHORIZATION ${owner}`)
  commands = await openCommands()
}, 400_000)

afterAll(async () => {
  await clone.drop()
  await unmigrated.drop()
  commands.remove()
})

function readUsage(path: string): string {
  const [, usage] = /const USAGE = `([^`]*)`/.exec(readFileSync(path, 'utf8')) ?? []
  if (usage === undefined) throw new Error(`${path} has no usage`)
  return `${usage}\n`
}

/** Prisma's words around the ones of prisma.config.ts. */
const configFailure = (message: string): string =>
  `Failed to load config file "${process.cwd()}" as a TypeScript/JavaScript module. Error: Error: ${message}\n`

const COMMANDS = [START, TOKEN + WHO, TENANT + ACME, SEED + WHO]
const nameOf = (command: string): string => Object.keys(USAGES).find((name) => command.startsWith(name)) ?? command

describe('a command', () => {
  test('refuses a URL that is set and empty', () =>
    commands.expectAll([
      ...COMMANDS.map((command) => ({
        command,
        env: { DATABASE_URL: '' },
        code: 1,
        stderr: invalid(
          nameOf(command),
          'DATABASE_URL: is empty; set it to the URL, or remove it for the embedded server',
        ),
      })),
      {
        command: TOKEN + WHO,
        env: { MIGRATION_DATABASE_URL: '' },
        code: 1,
        stderr: invalid(
          TOKEN,
          'MIGRATION_DATABASE_URL: is empty; set it to the URL, or remove it for the embedded server',
        ),
      },
      {
        command: PROVISION,
        env: { ADMIN_DATABASE_URL: '' },
        code: 1,
        stderr: invalid(PROVISION, 'ADMIN_DATABASE_URL: is empty; set it to the URL'),
      },
      ...['MIGRATION_DATABASE_URL', 'DATABASE_URL'].map((name) => ({
        command: DEPLOY,
        env: { [name]: '' },
        code: 1,
        stderr: configFailure(`${name} is empty: set it to the URL, or remove it for the embedded server.`),
      })),
    ]))

  test('refuses production without a URL, and all but the start CI without one', () =>
    commands.expectAll([
      ...COMMANDS.map((command) => ({
        command,
        env: { KITH_ENV: 'production', KITH_SECRET: TEST_SECRET },
        code: 1,
        stderr: invalid(nameOf(command), 'DATABASE_URL: required in production'),
      })),
      ...COMMANDS.slice(1).map((command) => ({
        command,
        env: { CI: 'true' },
        code: 1,
        stderr: invalid(command, 'DATABASE_URL: not set, and CI is; KITH_ENV=local takes the embedded server'),
      })),
      {
        command: PROVISION,
        env: { KITH_ENV: 'production', ADMIN_DATABASE_URL: 'postgresql://postgres@127.0.0.1:1/postgres' },
        code: 1,
        stderr: "The server can't be reached as its admin: Error: connect ECONNREFUSED 127.0.0.1:1\n",
      },
      {
        command: DEPLOY,
        env: { CI: 'true' },
        code: 1,
        stderr: configFailure('MIGRATION_DATABASE_URL is not set and CI is set: migrations need the URL of the owner.'),
      },
      {
        command: DEPLOY,
        env: { KITH_ENV: 'production' },
        code: 1,
        stderr: configFailure(
          'MIGRATION_DATABASE_URL is not set and KITH_ENV is production: migrations need the URL of the owner.',
        ),
      },
      {
        command: DEPLOY,
        env: { DATABASE_URL: ABSENT },
        code: 1,
        stderr: configFailure(
          'MIGRATION_DATABASE_URL is not set: beside DATABASE_URL, migrations need the URL of the owner.',
        ),
      },
    ]))

  test('says all that is wrong with its settings', () =>
    commands.expectAll([
      ...[...COMMANDS, PROVISION].map((command) => ({
        command,
        env: { PORT: 'abc', KITH_DRAIN_DELAY_MS: '1.5' },
        code: 1,
        stderr: invalid(
          nameOf(command),
          'PORT: must be a whole number from 0 to 65,535, not "abc"\n  KITH_DRAIN_DELAY_MS: must be a whole number from 0 to 60,000, not "1.5"',
        ),
      })),
    ]))

  test('shows its usage, also without any database, and refuses what it does not know', () =>
    commands.expectAll([
      ...Object.entries(USAGES).map(([command, usage]) => ({
        command: `${command} --help`,
        env: { DATABASE_URL: '', CI: 'true', PORT: 'abc' },
        code: 0,
        stdout: usage,
        stderr: '',
      })),
      ...Object.entries(USAGES).map(([command, usage]) => ({
        command: `${command} --wrong`,
        code: 2,
        stderr:
          command === START || command === PROVISION
            ? `Unknown argument '--wrong'\n${usage}`
            : `Unknown option '--wrong'\n${usage}`,
      })),
      { command: PROVISION, code: 2, stderr: USAGES[PROVISION] ?? '' },
      { command: TOKEN, code: 2, stderr: USAGES[TOKEN] ?? '' },
      { command: TENANT, code: 2, stderr: USAGES[TENANT] ?? '' },
      { command: SEED, code: 2, stderr: USAGES[SEED] ?? '' },
    ]))

  test('refuses what is not migrated, and the owner', () => {
    const refused = (command: string, reasons: string): string =>
      said(nameOf(command), `The database is not fit to serve:\n  ${reasons}`)
    return commands.expectAll([
      ...COMMANDS.map((command) => ({
        command,
        env: { DATABASE_URL: unmigrated.databaseUrl, KITH_SECRET: TEST_SECRET },
        code: 1,
        stderr: refused(
          command,
          `migrations are missing: ${MIGRATIONS.join(', ')}. Run: MIGRATION_DATABASE_URL=postgresql://… npm run db:deploy`,
        ),
      })),
      ...COMMANDS.map((command) => ({
        command,
        env: { DATABASE_URL: clone.migrationUrl, KITH_SECRET: TEST_SECRET },
        code: 1,
        stderr: refused(
          command,
          `the login of DATABASE_URL may not act as kith_system. ${PRINTED_BY}\n  the login of DATABASE_URL owns tables and inherits the rights of its roles. ${PRINTED_BY}`,
        ),
      })),
    ])
  })

  test('makes nothing that was not asked for: neither a tenant, nor a database for a token', async () => {
    const production = { DATABASE_URL: clone.databaseUrl, KITH_SECRET: TEST_SECRET }
    await commands.expectAll([
      {
        command: `${SEED} --tenant typo`,
        env: production,
        code: 1,
        stderr: 'There is no tenant typo; --create makes it.\n',
      },
      {
        command: `${TOKEN} --tenant typo`,
        env: production,
        code: 1,
        stderr:
          'There is no tenant typo. Look at the name, or make it: npm run tenant -- --slug typo --name … --admin-email …\n',
      },
      {
        command: TOKEN + WHO,
        code: 1,
        stderr: `There is no database in ${join(commands.folder, 'data')}. Run npm start first, which makes one, or set DATABASE_URL.\n`,
      },
    ])
    expect((await runAsAdmin(clone.adminUrl, 'SELECT slug FROM tenants')).rows).toEqual([])
  })
})
