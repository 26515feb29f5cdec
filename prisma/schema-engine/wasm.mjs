import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'
import { repairEngine } from './repairs.mjs'

const FOLDER = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg'))

/** The engine's commit, the last part of its package's version; `prisma --version` prints it. */
export function engineVersion() {
  const { version } = JSON.parse(readFileSync(join(FOLDER, 'package.json'), 'utf8'))
  return String(version).split('.').at(-1)
}

/**
 * The schema engine over a database. Node 20 can't import the package's own entry, a WebAssembly module, so it is
 * instantiated by hand.
 * @param {string[][]} datamodels pairs of path and text
 * @param {import('./database.mjs').EngineAdapter} adapter
 * @returns {Promise<Record<string, (params: unknown) => Promise<any>>>}
 */
export async function loadSchemaEngine(datamodels, adapter) {
  const bytes = readFileSync(join(FOLDER, 'schema_engine_bg.wasm'))
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': bindings })
  bindings.__wbg_set_wasm(instance.exports)
  globalThis.PRISMA_WASM_PANIC_REGISTRY = {
    // Called in the middle of a panic; what is thrown here becomes the panic's message.
    set_message(message) {
      throw new Error(`The schema engine panicked: ${message}`)
    },
  }
  instance.exports.__wbindgen_start()
  const options = { datamodels: datamodels.length > 0 ? datamodels : undefined }
  return repairEngine(await bindings.SchemaEngine.new(options, () => undefined, adapter.factory))
}
