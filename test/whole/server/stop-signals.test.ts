import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { findPostmaster } from '../../../src/database/embedded/find-postmaster.js'
import { readConnectionFile } from '../../../src/database/embedded/connection-file.js'
import { useStarts } from '../support/npm-start.js'

const { folder, start, run } = useStarts()
const ACME = ['tenant', '--slug', 'acme', '--name', 'Acme', '--admin-email', 'ann@acme.example']

test('Ctrl-C that comes twice, milliseconds apart, drains and stops PostgreSQL', async () => {
  // Where there is a tenant, no demo data is loaded.
  expect(await run(['tools/command.mjs', ...ACME], {})).toMatchObject({ code: 0 })
  // With a build there is the file that `npm start` runs, and the one that a container may run.
  const programs = ['tools/start.mjs', 'dist/main.js']
  for (const [index, betweenMs] of [0, 1, 2, 3, 4, 5, 6, 1].entries()) {
    const server = start({ NODE_ENV: 'production' }, [process.execPath, programs[index % 2] as string])
    await server.ready
    const { pgData } = readConnectionFile(join(folder, 'data')) ?? { pgData: '' }
    expect(findPostmaster(pgData)).toBeDefined()
    server.child.kill('SIGINT')
    await pause(betweenMs)
    server.child.kill('SIGINT')
    const code = await server.ended
    const drains = server.output().split('SIGINT: draining, then stopping.\n').length - 1
    expect({ betweenMs, code, drains }).toEqual({ betweenMs, code: 0, drains: 1 })
    expect(findPostmaster(pgData)).toBeUndefined()
  }
}, 400_000)
