import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { readConfig } from '../src/config.js'
import { SETTINGS } from '../src/settings.js'
import { withConfigTable } from '../tools/config-table.js'

const read = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')

const SIGNED = { KITH_ALERT_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32).toString('base64')}` }

describe('the configuration', () => {
  test('has its defaults where nothing is said', () => {
    expect(readConfig({})).toEqual({
      KITH_DATA_DIR: '.data',
      HOST: '127.0.0.1',
      PORT: 4000,
      LOG_LEVEL: 'info',
      KITH_WORKERS: 1,
      KITH_WORKER: 'on',
      KITH_POOL_MAX: 200,
      KITH_POOL_MAX_IDLE: 20,
      KITH_POOL_LIFETIME_SECONDS: 3600,
      KITH_POOL_IDLE_SECONDS: 1800,
      KITH_POOL_ACQUIRE_TIMEOUT_MS: 2000,
      KITH_STATEMENT_TIMEOUT_MS: 5000,
      KITH_LOCK_TIMEOUT_MS: 3000,
      KITH_IDLE_IN_TRANSACTION_TIMEOUT_MS: 10_000,
      KITH_SLOW_QUERY_MS: 200,
      KITH_HISTORY_SECONDS: 60,
      KITH_ALERT_SECONDS: 30,
      KITH_ALERT_DATABASE_DOWN_SECONDS: 30,
      KITH_ALERT_REQUEST_P95_MS: 200,
      KITH_ALERT_ERROR_PERCENT: 5,
      KITH_ALERT_SLOW_STATEMENTS_PER_MINUTE: 10,
      KITH_ALERT_POOL_WAITING_PER_MINUTE: 60,
      KITH_ALERT_CACHE_HIT_PERCENT: 90,
      KITH_ALERT_PLAN_FLIPS: 0,
      KITH_ALERT_DISK_PERCENT: 90,
      KITH_ALERT_DISK_BYTES: 0,
      KITH_ALERT_DEAD_ROWS_PERCENT: 20,
      KITH_ALERT_WEBHOOK_PRIVATE: 'refuse',
      KITH_OPTIMIZE_HOURS: 0,
      KITH_TRACE_PERCENT: 100,
      KITH_POOL_LOG_SECONDS: 300,
      KITH_BODY_LIMIT_BYTES: 4_194_304,
      KITH_UPLOAD_LIMIT_BYTES: 5_368_709_120,
      KITH_COST_LIMIT: 20_000,
      KITH_ANSWER_LIMIT_BYTES: 16_777_216,
      KITH_REQUEST_TIMEOUT_MS: 8000,
      KITH_EXPORTS: 4,
      KITH_EXPORT_SECONDS: 3600,
      KITH_EXPORT_IDLE_SECONDS: 60,
      KITH_CUSTOM_FIELD_LIMIT: 500,
      KITH_DRAIN_SECONDS: 25,
      environment: 'local',
      drainDelayMs: 250,
    })
  })

  test('is production with a database, unless it says otherwise, and is frozen', () => {
    const config = readConfig({ DATABASE_URL: 'postgresql://kith@db/kith' })
    expect([config.environment, config.drainDelayMs]).toEqual(['production', 5000])
    expect(readConfig({ KITH_DRAIN_DELAY_MS: '0' }).drainDelayMs).toBe(0)
    expect(readConfig({ DATABASE_URL: 'postgresql://kith@db/kith', KITH_ENV: 'local' }).environment).toBe('local')
    expect(Object.isFrozen(config)).toBe(true)
  })

  test.each<[string, Record<string, string>, string[]]>([
    ['without a secret', { KITH_ALERT_WEBHOOK_URL: 'https://a.example/x' }, ['KITH_ALERT_WEBHOOK_SECRET']],
    ['without TLS', { KITH_ALERT_WEBHOOK_URL: 'http://a.example/x', ...SIGNED }, ['KITH_ALERT_WEBHOOK_URL']],
    ['that is no URL', { KITH_ALERT_WEBHOOK_URL: 'a.example', ...SIGNED }, ['KITH_ALERT_WEBHOOK_URL']],
    ['of another protocol', { KITH_ALERT_WEBHOOK_URL: 'ftp://a.example', ...SIGNED }, ['KITH_ALERT_WEBHOOK_URL']],
    ['with a short secret', { KITH_ALERT_WEBHOOK_SECRET: 'whsec_abc' }, ['KITH_ALERT_WEBHOOK_SECRET']],
    [
      'on this machine',
      { KITH_ALERT_WEBHOOK_URL: 'http://[::1]:1/', KITH_ALERT_WEBHOOK_PRIVATE: 'allow', ...SIGNED },
      [],
    ],
    ['with TLS and a secret', { KITH_ALERT_WEBHOOK_URL: 'https://a.example/x', ...SIGNED }, []],
  ])('takes a webhook %s, or says what is wrong', (_, env, names) => {
    const problems: string[] = []
    try {
      readConfig(env)
    } catch (error) {
      problems.push(...(error as Error).message.split('\n').slice(1))
    }
    expect(problems.map((line) => line.trim().split(':')[0])).toEqual(names)
  })

  test('has thresholds of alerts, or off for none', () => {
    expect(readConfig({ KITH_ALERT_DISK_PERCENT: 'off' }).KITH_ALERT_DISK_PERCENT).toBeNull()
    expect(readConfig({ KITH_ALERT_REQUEST_P95_MS: '50' }).KITH_ALERT_REQUEST_P95_MS).toBe(50)
    expect(() => readConfig({ KITH_ALERT_DISK_PERCENT: '100' })).toThrow('KITH_ALERT_DISK_PERCENT: ')
  })

  test('says all that is wrong at once', () => {
    const wrong = {
      PORT: 'x',
      KITH_POOL_MAX: '0',
      LOG_LEVEL: 'loud',
      KITH_SECRET: 'short',
      KITH_TYPO: '1',
      KITH_ENV: 'production',
    }
    let message = ''
    try {
      readConfig(wrong)
    } catch (error) {
      message = (error as Error).message
    }
    const names = message
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(':')[0])
    expect(names).toEqual(
      ['PORT', 'LOG_LEVEL', 'KITH_POOL_MAX', 'KITH_TYPO', 'DATABASE_URL', 'KITH_SECRET'].sort(
        (a, b) => order(a) - order(b),
      ),
    )
    expect(message).toContain('KITH_TYPO: no such setting')
    expect(message).toContain('KITH_SECRET: needs 32 bytes or more')
  })

  test('has a connection for each worker', () => {
    expect(() => readConfig({ KITH_WORKERS: '3', KITH_POOL_MAX: '2' })).toThrow(
      'KITH_WORKERS: each needs a connection, and KITH_POOL_MAX allows 2',
    )
    expect(readConfig({ KITH_WORKERS: '2', KITH_POOL_MAX: '2' }).KITH_WORKERS).toBe(2)
  })

  test('has lists, separated by commas', () => {
    const lists = {
      KITH_PAGES: 'sandbox, graphiql',
      KITH_CORS_ORIGINS: 'https://app.example.com,http://[::1]:3000, https://crm.example.com:8443',
    }
    expect(readConfig(lists)).toMatchObject({
      KITH_PAGES: ['sandbox', 'graphiql'],
      KITH_CORS_ORIGINS: ['https://app.example.com', 'http://[::1]:3000', 'https://crm.example.com:8443'],
    })
  })

  const LIKE_A_BROWSER =
    'each must be an origin as browsers write it, as https://app.example.com: in lower case, without a path or a / at the end'

  test.each([
    ['KITH_PAGES', 'all', 'Invalid option: expected one of "graphiql"|"sandbox"|"dashboard"'],
    ['KITH_PAGES', 'graphiql,,sandbox', 'Invalid option: expected one of "graphiql"|"sandbox"|"dashboard"'],
    ...[
      '*',
      'null',
      'app.example.com',
      'https://app.example.com/',
      'https://app.example.com/app',
      'https://App.example.com',
      'https://app.example.com:443',
      'https://*.example.com',
      'https://app.example.com https://crm.example.com',
      'https://app.example.com,',
      'ftp://app.example.com',
      'https://anna@app.example.com',
    ].map((origins) => ['KITH_CORS_ORIGINS', origins, LIKE_A_BROWSER]),
  ])('%s cannot be %j', (name = '', value, reason) => {
    expect(() => readConfig({ [name]: value })).toThrow(`The configuration is not valid:\n  ${name}: ${reason}`)
  })

  test('takes empty values for absent ones, and the secret from a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kith-config-'))
    writeFileSync(join(folder, 'secret'), 'a secret of more than thirty-two bytes\n')
    expect(readConfig({ PORT: '', KITH_SECRET_FILE: join(folder, 'secret') })).toMatchObject({
      PORT: 4000,
      secret: 'a secret of more than thirty-two bytes',
    })
    rmSync(folder, { recursive: true })
    expect(() => readConfig({ KITH_SECRET_FILE: join(folder, 'secret') })).toThrow('KITH_SECRET_FILE: cannot read')
  })
})

// The order in which problems come: settings in their own order, then unknown names, then what several settings say.
function order(name: string): number {
  const position = Object.keys(SETTINGS).indexOf(name)
  return { KITH_TYPO: 100, DATABASE_URL: 101, KITH_SECRET: 102 }[name] ?? position
}

describe('the documents', () => {
  test('README has the table of the settings', () => {
    const readme = read('README.md')
    expect(withConfigTable(readme)).toBe(readme)
  })

  test('.env.example names every setting, in the same order', () => {
    const names = [...read('.env.example').matchAll(/^# ([A-Z0-9_]+)=/gm)].map(([, name]) => name)
    expect(names).toEqual(Object.keys(SETTINGS))
  })
})
