import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { cloneDatabase, type ClonedDatabase } from '../../setup/database.js'
import { processEnvironment } from '../../setup/test-run.js'
import { runNode } from '../../support/command-process.js'
import { loadIntoClone } from './load.js'
import type { Taken } from './measure.js'
import { QUESTIONS } from './questions.js'

const EXPECTED = 'test/whole/hot-path/hot-path.expected.json'
// In a folder of its own: beside it lie results of test runs, which are counted.
const MEASURED = 'test-results/hot-path/hot-path.json'
// Of the same request from run to run they differ by 1 to 2 %: texts of numbers, buffers that are pooled.
const SLACK = 0.06
const SLACK_KILOBYTES = 3

let clone: ClonedDatabase
let taken: readonly Taken[]

beforeAll(async () => {
  clone = await cloneDatabase()
  const given = await loadIntoClone(clone)
  const heap = ['--expose-gc', '--max-semi-space-size=256', '--min-semi-space-size=256']
  const program = ['--import', 'tsx', 'test/whole/hot-path/measure.ts', JSON.stringify(given)]
  const { stdout, stderr, code } = await runNode([...heap, ...program], processEnvironment())
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  taken = JSON.parse(stdout) as Taken[]
  mkdirSync('test-results/hot-path', { recursive: true })
  writeFileSync(MEASURED, `${JSON.stringify(taken, null, 2)}\n`)
}, 180_000)

afterAll(() => clone.drop())

describe(`a request takes what ${EXPECTED} says; after a change that is meant, ${MEASURED} takes its place`, () => {
  const expected = JSON.parse(readFileSync(EXPECTED, 'utf8')) as Taken[]

  test('of each question something is known', () => {
    expect(expected.map(({ name }) => name)).toEqual(QUESTIONS.map(({ name }) => name))
  })

  test.each(QUESTIONS.map(({ name }) => name))('%s', (name) => {
    const { kilobytes, ...counts } = taken.find((each) => each.name === name) as Taken
    const { kilobytes: allowed, ...known } = expected.find((each) => each.name === name) as Taken
    expect(counts).toEqual(known)
    // More is a step back; less must be written down, or the next step back hides in it.
    expect(kilobytes).toBeLessThanOrEqual(allowed * (1 + SLACK) + SLACK_KILOBYTES)
    expect(kilobytes).toBeGreaterThanOrEqual(allowed * (1 - 2 * SLACK) - SLACK_KILOBYTES)
  })
})
