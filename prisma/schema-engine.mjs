#!/usr/bin/env node
// The engine behind `prisma migrate`, from the npm package of exactly this Prisma release, so that the CLI downloads
// nothing. prisma.config.ts points PRISMA_SCHEMA_ENGINE_BINARY here; the CLI speaks JSON-RPC with it, line by line.
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { canConnect, createDatabase, createEngineAdapter } from './schema-engine/database.mjs'
import { engineVersion, loadSchemaEngine } from './schema-engine/wasm.mjs'

/** The CLI's names for what the engine calls otherwise. */
const METHODS = { getDatabaseVersion: 'version' }
const PANIC_EXIT_CODE = 101

process.on('uncaughtException', (error) => {
  // A panic of the engine arrives here; without a message and a code the CLI would end in silence.
  report(error instanceof Error ? error.message : String(error))
  if (process.env.DEBUG && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`)
  process.exit(PANIC_EXIT_CODE)
})

// The CLI takes each line of standard error for JSON; a warning of Node's (pg has one about sslmode=require) would hide
// the real message.
if (!process.env.DEBUG) process.removeAllListeners('warning')

const { values, positionals } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: {
    datamodels: { type: 'string', multiple: true },
    datasource: { type: 'string' },
    'enabled-preview-features': { type: 'string' },
    'extension-types': { type: 'string' },
    version: { type: 'boolean' },
  },
})
const { url } = /** @type {{ url?: string }} */ (JSON.parse(String(values.datasource ?? '{}')))

/** @param {object} message */
function write(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

// The CLI reads JSON lines from standard error and skips the first.
/** @param {string} message @param {string} [code] */
function report(message, code) {
  const fields = { message, ...(code ? { error_code: code } : {}) }
  process.stderr.write(`\n${JSON.stringify({ level: 'ERROR', target: 'schema_engine::logger', fields })}\n`)
}

/** @param {unknown} error */
function errorData(error) {
  const { message, code, meta } = /** @type {{ message?: string; code?: string; meta?: object }} */ (error ?? {})
  const text = message ?? String(error)
  return { is_panic: false, message: text, ...(code ? { error_code: code, meta: meta ?? {} } : {}) }
}

/** @param {'can-connect-to-database' | 'create-database' | string | undefined} command */
async function runCliCommand(command) {
  const run = { 'can-connect-to-database': canConnect, 'create-database': createDatabase }[command ?? '']
  const problem = run ? await run(url ?? '') : { message: `unknown command: ${command ?? ''}`, code: undefined }
  if (!problem) return
  report(problem.message, problem.code)
  process.exitCode = 1
}

async function serve() {
  const datamodels = /** @type {string[]} */ (values.datamodels ?? [])
  const files = datamodels.map((path) => [path, readFileSync(path, 'utf8')])
  const adapter = createEngineAdapter(url ?? '')
  const engine = await loadSchemaEngine(files, adapter)
  let isBusy = Promise.resolve()
  let printId = 0

  /** @param {{ id: number; method: string; params: unknown }} request */
  const answer = async ({ id, method, params }) => {
    const name = METHODS[/** @type {keyof METHODS} */ (method)] ?? method
    if (typeof engine[name] !== 'function') {
      write({
        jsonrpc: '2.0',
        id,
        error: { code: -32601, message: `unknown method ${method}`, data: errorData(`unknown method ${method}`) },
      })
      return
    }
    try {
      const result = (await engine[name](params)) ?? null
      // The CLI shows a diff only when it is asked to print it.
      if (method === 'diff' && result?.stdout) {
        write({ jsonrpc: '2.0', id: `print-${++printId}`, method: 'print', params: { content: result.stdout } })
      }
      write({ jsonrpc: '2.0', id, result })
    } catch (error) {
      write({
        jsonrpc: '2.0',
        id,
        error: { code: 4466, message: 'An error happened. Check the data field for details.', data: errorData(error) },
      })
    }
  }

  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() === '') continue
    const request = JSON.parse(line)
    // Answers to our own print requests carry no method.
    if (request.method) isBusy = isBusy.then(() => answer(request))
  }
  await isBusy
  await adapter.close()
}

if (values.version) process.stdout.write(`schema-engine-cli ${engineVersion()}\n`)
else if (positionals[0] === 'cli') await runCliCommand(positionals[1])
else await serve()
