import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { processEnvironment } from '../../setup/test-run.js'

// The project's own, without its global setup: none of these runs comes to the database.
const CONFIG = `import config from ${JSON.stringify(pathToFileURL(resolve('jest.config.mjs')).href)}
const { globalSetup, globalTeardown, ...rest } = config
export default { ...rest, rootDir: ${JSON.stringify(process.cwd())} }
`

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-real-data-'))
  writeFileSync(join(folder, 'jest.config.mjs'), CONFIG)
})

afterAll(() => {
  rmSync(folder, { recursive: true })
})

interface Results {
  readonly success: boolean
  readonly numTotalTests: number
  readonly numPendingTests: number
  readonly testResults: { readonly message: string }[]
}

/** Runs the tests of real records in a run of their own. */
async function runRealRecords(dataDir: string | undefined): Promise<Results> {
  const { KITH_TEST_DATA_DIR: _, ...rest } = processEnvironment()
  const outputFile = join(folder, 'results.json')
  const child = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      'node_modules/jest/bin/jest.js',
      'test/whole/real-data/real-data',
      '--config',
      join(folder, 'jest.config.mjs'),
      '--json',
      '--outputFile',
      outputFile,
    ],
    {
      env: {
        ...rest,
        ...(dataDir === undefined ? {} : { KITH_TEST_DATA_DIR: dataDir }),
      },
      stdio: 'ignore',
    },
  )
  await once(child, 'close')
  return JSON.parse(readFileSync(outputFile, 'utf8')) as Results
}

describe('the folder of real records', () => {
  test('that is not named registers no test, and skips none', async () => {
    expect(await runRealRecords(undefined)).toMatchObject({ success: true, numTotalTests: 1, numPendingTests: 0 })
  })

  test('that is named without having the records fails', async () => {
    const empty = mkdtempSync(join(folder, 'empty-'))
    const { success, testResults } = await runRealRecords(empty)
    expect(success).toBe(false)
    expect(testResults[0]?.message).toContain('ENOENT: no such file or directory')
  })

  test('that is named with nothing fails', async () => {
    const { success, testResults } = await runRealRecords('')
    expect(success).toBe(false)
    expect(testResults[0]?.message).toContain('ENOENT: no such file or directory')
  })
})
