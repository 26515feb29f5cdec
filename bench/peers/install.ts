import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { THIS_CHECKOUT } from '../load/server.js'

const LOCK = 'package-lock.json'

/** Installs the packages of a folder's lock file where they aren't there yet, and says so. @throws Error of npm */
export function installPackages(folder: string): void {
  onceFor(folder, 'installed', [LOCK], () => {
    console.error(`Installing peers with npm ci in ${folder}, once; Kith itself doesn't need them …`)
    // Some ask for Node 22 and run on 20 as well, so npm would warn; none needs its install script.
    execFileSync('npm', ['ci', '--ignore-scripts', '--loglevel=error', '--no-audit', '--no-fund'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    })
  })
}

/** Keystone's program in its folder. */
export const KEYSTONE_CLI = 'node_modules/@keystone-6/core/bin/cli.js'

/** Generates what Keystone needs before it starts, once. @throws Error of Keystone */
export function buildKeystone(folder: string): void {
  onceFor(folder, 'built', [LOCK, 'keystone.js', '../peer.mjs'], () => {
    console.error('Building Keystone, once …')
    execFileSync(process.execPath, [KEYSTONE_CLI, 'build', '--no-ui'], {
      cwd: folder,
      // Prisma's own would be downloaded from elsewhere than the registry.
      env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: join(THIS_CHECKOUT, 'prisma/schema-engine.mjs') },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  })
}

/** Does what files decide about, unless it was done for the same files. A mark in node_modules says so. */
function onceFor(folder: string, name: string, files: readonly string[], work: () => void): void {
  const hash = createHash('sha256')
  for (const file of files) hash.update(readFileSync(join(folder, file)))
  const digest = hash.digest('hex')
  const mark = join(folder, 'node_modules', `.${name}-for`)
  if (existsSync(mark) && readFileSync(mark, 'utf8') === digest) return
  work()
  writeFileSync(mark, digest)
}
