import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import { SETTINGS } from './settings.js'

const DRAIN_DELAY_MS = { production: 5000, local: 250 }

type Settings = { readonly [Name in keyof typeof SETTINGS]: z.infer<(typeof SETTINGS)[Name]['schema']> }

/** The validated, frozen configuration: every setting by its name, and what follows from several of them. */
export interface Config extends Settings {
  readonly environment: 'local' | 'production'
  /** the secret from KITH_SECRET or its file; undefined where the local one is to be made */
  readonly secret: string | undefined
  readonly adminDatabaseUrl: string | undefined
  /** KITH_DRAIN_DELAY_MS, or the default of the environment: a terminal has no load balancer */
  readonly drainDelayMs: number
}

/** What is wrong with the configuration, all of it at once, one line a setting. */
export class ConfigError extends Error {
  constructor(lines: readonly string[]) {
    super(`The configuration is not valid:\n${lines.map((line) => `  ${line}`).join('\n')}`)
    this.name = 'ConfigError'
  }
}

/**
 * The configuration that an environment describes, the process's own when none is given. Empty values count as absent.
 * @throws ConfigError
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  for (const [name, { schema }] of Object.entries(SETTINGS)) {
    const result = schema.safeParse(env[name] === '' ? undefined : env[name])
    if (result.success) values[name] = result.data
    else problems.push(`${name}: ${result.error.issues.map((issue) => issue.message).join(', ')}`)
  }
  for (const name of Object.keys(env)) {
    if (name.startsWith('KITH_') && !(name in SETTINGS) && !name.startsWith('KITH_TEST_')) {
      problems.push(`${name}: no such setting`)
    }
  }
  const settings = values as unknown as Settings
  // An empty one is a secret that was not filled in: the embedded server must not stand in for the database that was
  // meant.
  for (const name of ['DATABASE_URL', 'MIGRATION_DATABASE_URL'] as const) {
    if (env[name] === '' && !settings.DATABASE_URL) {
      problems.push(`${name}: is empty; set it to the URL, or remove it for the embedded server`)
    }
  }
  const environment = settings.KITH_ENV ?? (settings.DATABASE_URL ? 'production' : 'local')
  const secret = readSecret(settings, problems)
  if (environment === 'production') {
    if (!settings.DATABASE_URL) problems.push('DATABASE_URL: required in production')
  }
  if (settings.KITH_WORKERS > settings.KITH_POOL_MAX) {
    problems.push(`KITH_WORKERS: each needs a connection, and KITH_POOL_MAX allows ${settings.KITH_POOL_MAX}`)
  }
  if (settings.KITH_OPTIMIZE_HOURS > 0 && settings.DATABASE_URL && !settings.MIGRATION_DATABASE_URL) {
    problems.push('KITH_OPTIMIZE_HOURS: needs MIGRATION_DATABASE_URL; only the owner may make indexes')
  }
  if (settings.KITH_ALERT_WEBHOOK_URL) problems.push(...problemsOfWebhook(settings, settings.KITH_ALERT_WEBHOOK_URL))
  if (secret !== undefined && Buffer.byteLength(secret) < 32) problems.push('KITH_SECRET: needs 32 bytes or more')
  if (problems.length > 0) throw new ConfigError(problems)
  const drainDelayMs = settings.KITH_DRAIN_DELAY_MS ?? DRAIN_DELAY_MS[environment]
  return Object.freeze({
    ...settings,
    environment,
    secret,
    adminDatabaseUrl: settings.ADMIN_DATABASE_URL,
    drainDelayMs,
  })
}

/**
 * The same for a command. In CI, where nobody sees which database a command took, the embedded server is used only
 * where `KITH_ENV=local` says so.
 * @throws ConfigError
 */
export function readCommandConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const config = readConfig(env)
  if (env['CI'] && !config.DATABASE_URL && config.KITH_ENV !== 'local') {
    throw new ConfigError(['DATABASE_URL: not set, and CI is; KITH_ENV=local takes the embedded server'])
  }
  return config
}

/**
 * The same for the command that makes what DATABASE_URL is about: production may be without it still.
 * @throws ConfigError
 */
export function readAdminConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const { KITH_ENV: _, ...rest } = env
  const config = readConfig(rest)
  if (env['ADMIN_DATABASE_URL'] === '') throw new ConfigError(['ADMIN_DATABASE_URL: is empty; set it to the URL'])
  return config
}

/** The environment of this process with changes, for one that it starts. */
export function environmentWith(changes: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...changes }
}

function problemsOfWebhook(settings: Settings, url: string): string[] {
  const isPlain = new URL(url).protocol === 'http:' && settings.KITH_ALERT_WEBHOOK_PRIVATE !== 'allow'
  return [
    ...(settings.KITH_ALERT_WEBHOOK_SECRET ? [] : ['KITH_ALERT_WEBHOOK_SECRET: required with KITH_ALERT_WEBHOOK_URL']),
    ...(isPlain ? ['KITH_ALERT_WEBHOOK_URL: must start with https://'] : []),
  ]
}

function readSecret(settings: Settings, problems: string[]): string | undefined {
  if (settings.KITH_SECRET) return settings.KITH_SECRET
  if (!settings.KITH_SECRET_FILE) return undefined
  try {
    return readFileSync(settings.KITH_SECRET_FILE, 'utf8').trim()
  } catch {
    problems.push(`KITH_SECRET_FILE: cannot read ${settings.KITH_SECRET_FILE}`)
    return undefined
  }
}
