import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { findPostmaster } from '../../../src/database/embedded/find-postmaster.js'
import { readConnectionFile } from '../../../src/database/embedded/connection-file.js'
import { useStarts } from '../support/npm-start.js'

const { folder, start, run } = useStarts()
const ACME = ['tenant', '--slug', 'acme', '--name', 'Acme', '--admin-email', 'ann@acme.example']

describe('npm start where a tenant was made first', () => {
  beforeAll(async () => {
    expect(await run(['tools/command.mjs', ...ACME], {})).toMatchObject({ code: 0 })
  }, 60_000)

  test('loads no demo data, names no demo tenant, and says how to get one', async () => {
    const server = start()
    const base = await server.ready
    const lines = server.output().split('\n')
    expect(lines.filter((line) => /demo|token/.test(line))).toEqual([
      '  a token         npm run -s token -- --tenant <slug> --role ADMIN',
      '  demo data       npm run db:seed -- --tenant demo   (there is none yet)',
    ])
    expect(lines.find((line) => line.startsWith('curl '))).toContain(
      `curl -s ${base}/graphql -H "authorization: Bearer $TOKEN" `,
    )
    expect(await run(['tools/command.mjs', 'token', '--tenant', 'demo'], {})).toEqual({
      code: 1,
      stdout: '',
      stderr: 'There is no tenant demo. Make it with demo data: npm run db:seed -- --tenant demo\n',
    })
    server.child.kill('SIGTERM')
    expect(await server.ended).toBe(0)
  })

  // What `npm start` runs, and what a container may run.
  test.each(['tools/start.mjs', 'dist/main.js'])(
    'Ctrl-C that comes twice, milliseconds apart, drains and stops PostgreSQL: %s',
    async (program) => {
      for (const betweenMs of [0, 1, 4]) {
        const server = start({ NODE_ENV: 'production' }, [process.execPath, program])
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
    },
    200_000,
  )
})
