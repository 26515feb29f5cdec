import { spawn, type ChildProcess } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals'
import { processEnvironment } from '../../setup/test-run.js'
import { endOf, type Ended } from '../../support/command-process.js'
import { makeOpenFolder } from '../../support/embedded-process.js'

/** A process of `npm start`. */
export interface Running {
  readonly child: ChildProcess
  readonly output: () => string
  /** the address, once it is printed */
  readonly ready: Promise<string>
  readonly ended: Promise<number | null>
}

/** `npm start` and commands over a data folder of the test file's own. */
export interface Starts {
  readonly folder: string
  readonly start: (changes?: Record<string, string>, command?: readonly [string, ...string[]]) => Running
  readonly run: (args: string[], changes: Record<string, string>, command?: string) => Promise<Ended>
}

/**
 * Registers the hooks that build what is started, end what a test (or with `isShared` the file) has left running, and
 * remove the folder. To be called once, at the top of a test file.
 */
export function useStarts({ isShared = false } = {}): Starts {
  // As root the server keeps its data elsewhere where its user can't enter the folder, and nobody would remove that.
  const folder = makeOpenFolder()
  let running: Running[] = []

  beforeAll(async () => {
    // So that no start below has to build.
    expect(await run(['tools/prepare.mjs'], {})).toMatchObject({ code: 0 })
  }, 400_000)

  const endAll = async (): Promise<void> => {
    for (const { child, ended } of running) {
      child.kill('SIGKILL')
      await ended
    }
    running = []
  }
  if (!isShared) afterEach(endAll)

  afterAll(async () => {
    await endAll()
    rmSync(folder, { recursive: true, force: true })
  })

  function environment(changes: Record<string, string>): NodeJS.ProcessEnv {
    const {
      DATABASE_URL: _,
      MIGRATION_DATABASE_URL: __,
      ADMIN_DATABASE_URL: ___,
      CI: ____,
      ...rest
    } = processEnvironment()
    return { ...rest, KITH_DATA_DIR: join(folder, 'data'), PORT: '0', ...changes }
  }

  function start(
    changes: Record<string, string> = {},
    [program, ...args]: readonly [string, ...string[]] = [process.execPath, 'tools/start.mjs'],
  ): Running {
    const child = spawn(program, args, {
      env: environment(changes),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    let announce = (_: string): void => undefined
    const ready = new Promise<string>((resolve) => (announce = resolve))
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        const address = /(?:Apollo Sandbox|GraphQL) +(\S+)\/graphql/.exec(output)?.[1]
        if (address) announce(address)
      })
    }
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
    const early = ended.then((code) => {
      throw new Error(`npm start ended with code ${code ?? 'none'} before it was ready:\n${output}`)
    })
    const readyOrEnded = Promise.race([ready, early])
    // Some tests wait for its end alone.
    readyOrEnded.catch(() => undefined)
    const process_ = { child, output: () => output, ready: readyOrEnded, ended }
    running.push(process_)
    return process_
  }

  function run(args: string[], changes: Record<string, string>, command = process.execPath): Promise<Ended> {
    return endOf(spawn(command, args, { env: environment(changes), stdio: ['ignore', 'pipe', 'pipe'] }))
  }

  return { folder, start, run }
}

/** Waits until it has said this. */
export async function until({ child, output, ended }: Running, text: string): Promise<void> {
  const said = new Promise<void>((resolve) => {
    const look = (): void => {
      if (output().includes(text)) resolve()
    }
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', look)
    look()
  })
  await Promise.race([
    said,
    ended.then((code) => {
      throw new Error(`It ended with code ${code ?? 'none'}:\n${output()}`)
    }),
  ])
}
