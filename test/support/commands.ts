import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from '@jest/globals'
import { runNode, type Ended } from './command-process.js'

/** `npm start`, as its script runs it. */
export const START = 'tools/start.mjs'

/** A command line with its environment, and all that it says. */
interface CommandRow {
  readonly command: string
  readonly env?: Record<string, string>
  readonly code: number
  readonly stdout?: string
  readonly stderr: string
}

/** Commands with a folder of their own for what they make, run from the build, which takes half the time. */
export interface Commands {
  readonly folder: string
  /** Runs a command in this environment alone. */
  run(command: string, env: Record<string, string>): Promise<Ended>
  /** Runs all rows, two at a time, and compares whole outputs. No row makes anything. */
  expectAll(rows: readonly CommandRow[]): Promise<void>
  remove(): void
}

/** Builds first, where sources are newer. */
export async function openCommands(): Promise<Commands> {
  const folder = mkdtempSync(join(tmpdir(), 'kith-commands-'))
  const run = (command: string, env: Record<string, string>): Promise<Ended> => {
    // Prisma asks its maker for news otherwise.
    const silent = { CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' }
    return runNode(command.split(' '), { KITH_DATA_DIR: join(folder, 'data'), ...silent, ...env })
  }
  expect(await run('tools/prepare.mjs', {})).toMatchObject({ code: 0 })
  return {
    folder,
    run,
    async expectAll(rows) {
      const queue = [...rows]
      const ended: object[] = []
      const expected: object[] = []
      const worker = async (): Promise<void> => {
        for (let row = queue.shift(); row; row = queue.shift()) {
          const { command, env = {}, code, stdout = '', stderr } = row
          const index = rows.indexOf(row)
          expected[index] = { command, env, code, stdout, stderr }
          ended[index] = { command, env, ...(await run(command, env)) }
        }
      }
      await Promise.all([worker(), worker()])
      expect(ended).toEqual(expected)
      expect(existsSync(join(folder, 'data'))).toBe(false)
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}

/** The message of a command; a start says who speaks. */
export function said(command: string, message: string): string {
  return command === START ? `kith: ${message}\n` : `${message}\n`
}

/** What a command says of its configuration. */
export function invalid(command: string, line: string): string {
  return said(command, `The configuration is not valid:\n  ${line}`)
}
