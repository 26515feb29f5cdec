import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readConnectionFile } from '../../../src/database/embedded/connection-file.js'
import { withFolderLock } from '../../../src/database/embedded/folder-lock.js'
import { isRunning } from '../../../src/database/embedded/process-mark.js'
import { openEmbeddedServer } from '../../../src/database/embedded/server.js'
import { buildPlans } from './plans-build.js'
import { plansFolder, type PlansSpec } from './plans-spec.js'

/** Stands in a folder whose database is whole. */
const BUILT = 'built'

/**
 * The data folder of an embedded server with the database of a spec: the one of an earlier run where nothing that makes
 * it has changed, else a new one, which takes minutes. Older ones of the same size, and what a killed build left, are
 * removed. Builders take turns.
 */
export async function preparePlansDatabase(spec: PlansSpec, log: (line: string) => void): Promise<string> {
  const { parent, prefix, path } = plansFolder(spec)
  mkdirSync(parent, { recursive: true })
  return withFolderLock(parent, log, async () => {
    for (const name of readdirSync(parent)) {
      const folder = join(parent, name)
      if (name.startsWith(prefix) && (folder !== path || !existsSync(join(path, BUILT)))) await discardDatabase(folder)
    }
    if (existsSync(join(path, BUILT))) {
      log(`The database for plans is there: ${path}`)
      return path
    }
    const startedAtMs = performance.now()
    log(`Building the database for plans, ${spec.large.contacts} contacts in its large tenant …`)
    const server = await openEmbeddedServer({ dataDir: path })
    try {
      await buildPlans(server.urls, spec, log)
    } finally {
      await server.stop()
    }
    const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(0)
    writeFileSync(join(path, BUILT), `${seconds} s\n`)
    log(`The database for plans is built, in ${seconds} s: ${path}`)
    return path
  })
}

/** Removes the database of a data folder with the folder, unless a living process uses it. */
export async function discardDatabase(folder: string): Promise<void> {
  const file = readConnectionFile(folder)
  if (file?.users.some(isRunning)) return
  // A server that outlived its killed builder is taken over, and stopped by the last to leave.
  if (file) await (await openEmbeddedServer({ dataDir: folder })).stop()
  for (const path of [file ? dirname(file.pgData) : folder, folder]) rmSync(path, { recursive: true, force: true })
}
