import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { openEmbeddedServer } from '../../src/database/embedded/server.js'
import { runNode } from '../support/command-process.js'
import { makeOpenFolder, queryOnce } from '../support/embedded-process.js'

/** Runs the command with this environment alone. */
function run(env: Record<string, string>, args: string[] = []) {
  return runNode(['--import', 'tsx', 'src/commands/provision.ts', ...args], env)
}

test('with arguments it shows its usage, also beside a URL', async () => {
  const { stdout, stderr, code } = await run({ ADMIN_DATABASE_URL: 'postgresql://127.0.0.1:1/x' }, ['--force'])
  expect({ stdout, code }).toEqual({ stdout: '', code: 2 })
  expect(stderr).toMatch(/^Unknown argument '--force'\nusage: ADMIN_DATABASE_URL=/)
})

test('a server that is not there is a message, without a stack', async () => {
  const { stdout, stderr, code } = await run({ ADMIN_DATABASE_URL: 'postgresql://postgres@127.0.0.1:1/postgres' })
  expect({ stdout, code }).toEqual({ stdout: '', code: 1 })
  expect(stderr).toMatch(/^The server can't be reached as its admin: .*ECONNREFUSED.*\n$/)
})

test('it prints the two URLs and nothing else, with the passwords that are known', async () => {
  const folder = makeOpenFolder()
  const server = await openEmbeddedServer({ dataDir: join(folder, 'data') })
  try {
    const { admin, migration, app } = server.urls
    const bare = (url: string): string => Object.assign(new URL(url), { password: '' }).href
    expect(await run({ ADMIN_DATABASE_URL: admin })).toEqual({
      stdout: `MIGRATION_DATABASE_URL=${bare(migration)}\nDATABASE_URL=${bare(app)}\n`,
      stderr: 'A role existed already and keeps its password: put it into the URL, which is printed without it.\n',
      code: 0,
    })
    const configured = await run({ ADMIN_DATABASE_URL: admin, MIGRATION_DATABASE_URL: migration })
    expect(configured.stdout).toBe(`MIGRATION_DATABASE_URL=${migration}\nDATABASE_URL=${bare(app)}\n`)
    expect(await queryOnce(migration, 'select 1 as one')).toEqual([{ one: 1 }])
    await queryOnce(admin, 'drop database kith with (force)')
    await queryOnce(admin, 'drop role kith')
    await queryOnce(admin, 'drop role kith_owner')
    const { stdout, stderr, code } = await run({ ADMIN_DATABASE_URL: admin })
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    const lines = stdout.split('\n')
    expect(lines.map((line) => line.split('=')[0])).toEqual(['MIGRATION_DATABASE_URL', 'DATABASE_URL', ''])
    for (const [index, role] of ['kith_owner', 'kith'].entries()) {
      const url = lines[index]?.slice(lines[index].indexOf('=') + 1) ?? ''
      expect(await queryOnce(url, 'select current_user::text as role')).toEqual([{ role }])
    }
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true })
  }
})
