import { expect, test } from '@jest/globals'
import { processEnvironment, testSeed } from '../../setup/test-run.js'
import { runNode } from '../../support/command-process.js'
import type { Comparison } from './support/compare-executors.js'

const seed = testSeed()
const OPERATIONS = Number(processEnvironment()['KITH_TEST_OPERATIONS'] ?? 1500)

test(
  `${OPERATIONS} random operations give what graphql-js gives, in the same order (seed ${seed})`,
  async () => {
    const program = 'test/graphql/executor/support/compare-executors.ts'
    const { stdout, stderr, code } = await runNode(
      ['--import', 'tsx', program, String(seed), String(OPERATIONS)],
      processEnvironment(),
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const { failing, immediate, ...found } = JSON.parse(stdout) as Comparison
    expect(found).toEqual({ operations: OPERATIONS, difference: null, unheard: [] })
    // Some fail and some don't, some wait and some don't.
    expect(failing / OPERATIONS).toBeGreaterThan(0.3)
    expect(failing / OPERATIONS).toBeLessThan(0.9)
    expect(immediate / OPERATIONS).toBeGreaterThan(0.1)
    expect(immediate / OPERATIONS).toBeLessThan(0.6)
  },
  60_000 + OPERATIONS * 20,
)
