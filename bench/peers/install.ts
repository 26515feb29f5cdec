import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Stands in node_modules once all of it is there, and says for which lock file. */
const MARK = 'node_modules/.installed'

/** Installs the packages of a folder's lock file where they aren't there yet, and says so. @throws Error of npm */
export function installPackages(folder: string): void {
  const lock = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex')
  const mark = join(folder, MARK)
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return
  console.error(`Installing the peers with npm ci in ${folder}, once; Kith itself doesn't need them …`)
  // Some ask for Node 22 and run on 20 as well, so npm would warn; none needs its install script.
  execFileSync('npm', ['ci', '--ignore-scripts', '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  writeFileSync(mark, lock)
}
