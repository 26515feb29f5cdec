import { randomBytes } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ConfigError, type Config } from '../config.js'
import { makeDataFolder } from '../database/embedded/data-folder.js'
import { isNoRoom, withDiskTrouble } from '../database/embedded/disk.js'
import { errorCode } from '../database/embedded/error-code.js'

/**
 * The secret that tokens and cursors are made with: the configured one, else, locally, one of its own.
 * @throws ConfigError in production without a configured one; DiskFull; NoDataFolder
 */
export function serverSecret({ environment, secret, KITH_DATA_DIR }: Config): string {
  if (secret !== undefined) return secret
  if (environment === 'local') return localSecret(KITH_DATA_DIR)
  throw new ConfigError(['KITH_SECRET: required in production; make one with: openssl rand -base64 48'])
}

/**
 * The secret of a local installation, made once in its data folder (mode 0600), so that tokens outlive a restart and
 * commands sign with the key of the server.
 */
function localSecret(dataDir: string): string {
  const path = join(dataDir, 'secret')
  try {
    makeDataFolder(dataDir)
    // Whoever comes first makes it; wx leaves the file of the other in place.
    writeFileSync(path, randomBytes(48).toString('base64url'), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') {
      // A full disk has room for its name: an empty file must not be taken for the secret.
      if (isNoRoom(error)) rmSync(path, { force: true })
      throw withDiskTrouble(error, join(resolve(dataDir), 'postgres'), 0)
    }
  }
  const secret = readFileSync(path, 'utf8').trim()
  if (secret === '') throw new ConfigError([`KITH_DATA_DIR: ${path} is empty; remove it, and the next start makes one`])
  return secret
}
