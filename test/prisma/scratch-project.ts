import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import pg from 'pg'
import { processEnvironment, runAsAdmin, testRun } from '../setup/test-run.js'

/** What a call of the CLI printed, both streams in turn, and how it ended. */
export interface CliResult {
  readonly code: number | null
  readonly output: string
}

/** A small Prisma project of a test's own, on a database of its own, whose owner is no superuser. */
export interface ScratchProject {
  readonly folder: string
  readonly url: string
  readonly database: string
  /** Runs `prisma …` with our engine. */
  prisma(args: readonly string[], environment?: Record<string, string>): Promise<CliResult>
  /** The same with a terminal around it, which `migrate dev` insists on. */
  prismaInTerminal(args: string): Promise<CliResult>
  write(path: string, text: string): void
  query(sql: string): Promise<Record<string, unknown>[]>
  remove(): Promise<void>
}

export const CLI = resolve('node_modules/prisma/build/index.js')
export const ENGINE = resolve('prisma/schema-engine.mjs')

export const SCHEMA = `generator client {
  provider        = "prisma-client"
  output          = "../generated"
  runtime         = "nodejs"
  moduleFormat    = "esm"
  compilerBuild   = "small"
  previewFeatures = ["strictUndefinedChecks", "partialIndexes"]
}

datasource db {
  provider = "postgresql"
}

model Author {
  id    Int    @id
  name  String
  books Book[]

  @@index([name], where: raw("(name <> ''::text)"), map: "idx_author_name")
}

model Book {
  id       Int    @id
  authorId Int
  author   Author @relation(fields: [authorId], references: [id])
}
`

/** The first migration: what the models say, and a function whose body holds semicolons. */
export const FIRST_MIGRATION = `CREATE TABLE "Author" ("id" INTEGER NOT NULL, "name" TEXT NOT NULL, CONSTRAINT "Author_pkey" PRIMARY KEY ("id"));
CREATE TABLE "Book" ("id" INTEGER NOT NULL, "authorId" INTEGER NOT NULL, CONSTRAINT "Book_pkey" PRIMARY KEY ("id"));
CREATE INDEX "idx_author_name" ON "Author" ("name") WHERE (name <> ''::text);
ALTER TABLE "Book" ADD CONSTRAINT "Book_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "Author" ("id") ON DELETE RESTRICT ON UPDATE CASCADE;
CREATE FUNCTION twice(value int) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1;
  RETURN value * 2;
END;
$$;
`

/** The environment of a call of the CLI: as npx gives it, and without notices. */
export function cliEnvironment(more: Record<string, string>): NodeJS.ProcessEnv {
  const inherited = processEnvironment()
  const path = `${resolve('node_modules/.bin')}${delimiter}${inherited['PATH'] ?? ''}`
  return { ...inherited, PATH: path, CHECKPOINT_DISABLE: '1', NO_COLOR: '1', ...more }
}

/** Runs a command to its end, with nothing to read. */
export function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<CliResult> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('error', fail)
    child.on('close', (code) => done({ code, output }))
  })
}

/** Makes the project with its schema and first migration. `exists` says whether its database is there already. */
export async function createScratchProject(exists = true): Promise<ScratchProject> {
  const { adminUrl } = testRun()
  const name = `kith_test_${testRun().id}_cli_${randomBytes(4).toString('hex')}`
  const [role, quoted] = [pg.escapeIdentifier(name), pg.escapeIdentifier(name)]
  await runAsAdmin(adminUrl, `CREATE ROLE ${role} LOGIN CREATEDB PASSWORD 'scratch'`)
  if (exists) await runAsAdmin(adminUrl, `CREATE DATABASE ${quoted} OWNER ${role}`)
  const url = Object.assign(new URL(adminUrl), { username: name, password: 'scratch', pathname: `/${name}` }).href
  const folder = mkdtempSync(join(tmpdir(), 'kith-cli-'))
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  const write = (path: string, text: string): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  write('package.json', '{ "type": "module" }')
  write('prisma/schema.prisma', SCHEMA)
  write('prisma/migrations/migration_lock.toml', 'provider = "postgresql"\n')
  write('prisma/migrations/20260101000000_first/migration.sql', FIRST_MIGRATION)
  write(
    'prisma.config.ts',
    `import { defineConfig } from 'prisma/config'
export default defineConfig({ schema: 'prisma/schema.prisma', migrations: { path: 'prisma/migrations' }, datasource: { url: process.env.SCRATCH_URL ?? '' } })
`,
  )
  const environment = cliEnvironment({ SCRATCH_URL: url, PRISMA_SCHEMA_ENGINE_BINARY: ENGINE })
  const run = (command: string, args: readonly string[], more: Record<string, string> = {}): Promise<CliResult> =>
    runCommand(command, args, { cwd: folder, env: { ...environment, ...more } })
  return {
    folder,
    url,
    database: name,
    prisma: (args, more) => run(process.execPath, [CLI, ...args], more),
    prismaInTerminal: (args) => run('script', ['-qec', `${process.execPath} ${CLI} ${args}`, '/dev/null'], { CI: '' }),
    write,
    async query(sql) {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      try {
        return (await client.query<Record<string, unknown>>(sql)).rows
      } finally {
        await client.end()
      }
    },
    async remove() {
      rmSync(folder, { recursive: true, force: true })
      await runAsAdmin(adminUrl, `DROP DATABASE IF EXISTS ${quoted} WITH (FORCE)`)
      await runAsAdmin(adminUrl, `DROP ROLE IF EXISTS ${role}`)
    },
  }
}
