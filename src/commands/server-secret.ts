import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError, type Config } from '../config.js'

/**
 * The secret that tokens and cursors are made with: the configured one, else, locally, one of its own.
 * @throws ConfigError in production without a configured one
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
  mkdirSync(dataDir, { recursive: true })
  try {
    // Whoever comes first makes it; wx leaves the file of the other in place.
    writeFileSync(path, randomBytes(48).toString('base64url'), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  return readFileSync(path, 'utf8').trim()
}
