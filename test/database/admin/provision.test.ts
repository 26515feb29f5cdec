import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { provision, type ProvisionOptions } from '../../../src/database/admin/provision.js'
import { runAsAdmin, testRun } from '../../setup/test-run.js'
import { queryOnce } from '../../support/embedded-process.js'

const { adminUrl } = testRun()

let names: { database: string; loginName: string; ownerName: string }
let lines: string[]

beforeEach(() => {
  // The names of a test run, so that a later one removes what this one may leave when it is killed.
  const database = `kith_test_${Date.now().toString(36)}_${randomBytes(3).toString('hex')}_provision`
  names = { database, loginName: `${database}_login`, ownerName: `${database}_owner` }
  lines = []
})

afterEach(async () => {
  await runAsAdmin(adminUrl, `DROP DATABASE IF EXISTS ${names.database} WITH (FORCE)`)
  for (const role of [names.loginName, names.ownerName]) await runAsAdmin(adminUrl, `DROP ROLE IF EXISTS ${role}`)
})

function run(options: Partial<ProvisionOptions> = {}) {
  return provision({ adminUrl, ...names, log: (line) => lines.push(line), ...options })
}

/** What the catalogue says about logins, memberships, database and schema. */
async function catalogue(): Promise<unknown> {
  const { database, loginName, ownerName } = names
  const url = Object.assign(new URL(adminUrl), { pathname: `/${database}` }).href
  const [found] = await queryOnce(
    url,
    `select
      (select json_object_agg(rolname, concat_ws(' ', case when rolcanlogin then 'login' end, case when rolinherit then 'inherit' end,
         case when rolcreatedb then 'createdb' end, case when rolcreaterole then 'createrole' end,
         case when rolsuper then 'super' end, case when rolbypassrls then 'bypassrls' end))
       from pg_roles where rolname in ('kith_app', 'kith_keys', 'kith_system', '${loginName}', '${ownerName}')) as roles,
      array(select roleid::regrole::text from pg_auth_members where member = '${loginName}'::regrole order by 1) as memberships,
      (select datdba::regrole::text from pg_database where datname = '${database}') as owner,
      (select pg_encoding_to_char(encoding) || ' ' || datcollate || ' ' || datctype from pg_database where datname = '${database}') as locale,
      array(select r || ' ' || p from unnest('{public,${loginName},${ownerName}}'::text[]) r, unnest('{CONNECT,TEMP,CREATE}'::text[]) p
        where has_database_privilege(r, '${database}', p) order by 1) as database_rights,
      array(select r from unnest('{public,${loginName},${ownerName}}'::text[]) r where has_schema_privilege(r, 'public', 'CREATE') order by 1) as may_create,
      array(select extname::text from pg_extension where extname = 'pg_stat_statements') as extensions,
      pg_has_role('kith_system', 'pg_read_all_stats', 'USAGE') as reads_statistics,
      (select count(*)::int from pg_shdepend where refobjid = '${loginName}'::regrole and deptype = 'o') as owned`,
  )
  return found
}

function expected(): Record<string, unknown> {
  const { loginName, ownerName } = names
  return {
    roles: {
      kith_app: 'inherit',
      kith_keys: 'inherit',
      kith_system: 'inherit',
      [loginName]: 'login',
      [ownerName]: 'login inherit createdb',
    },
    memberships: ['kith_app', 'kith_keys', 'kith_system'],
    owner: ownerName,
    locale: 'UTF8 C.UTF-8 C.UTF-8',
    database_rights: [`${loginName} CONNECT`, `${ownerName} CONNECT`, `${ownerName} CREATE`, `${ownerName} TEMP`],
    may_create: [ownerName],
    extensions: ['pg_stat_statements'],
    reads_statistics: true,
    owned: 0,
  }
}

function passwordOf(url: string): string {
  return decodeURIComponent(new URL(url).password)
}

describe('roles and database', () => {
  test('are made with exactly their rights, and both URLs work', async () => {
    const made = await run()
    expect(await catalogue()).toEqual(expected())
    expect(made.passwordsKnown).toBe(true)
    const who = 'select current_user::text as role, current_database() as database'
    const { database, loginName, ownerName } = names
    expect(await queryOnce(made.databaseUrl, who)).toEqual([{ role: loginName, database }])
    expect(await queryOnce(made.migrationUrl, who)).toEqual([{ role: ownerName, database }])
    expect(passwordOf(made.databaseUrl)).not.toBe(passwordOf(made.migrationUrl))
  })

  test('the login has nothing of its groups until it names one', async () => {
    const { databaseUrl, migrationUrl } = await run()
    await queryOnce(migrationUrl, 'create table rows as select 1 as id; grant select on rows to kith_app')
    await expect(queryOnce(databaseUrl, 'select * from rows')).rejects.toMatchObject({ code: '42501' })
    await expect(queryOnce(databaseUrl, 'create table mine (id int)')).rejects.toMatchObject({ code: '42501' })
    await expect(queryOnce(databaseUrl, 'create temp table mine (id int)')).rejects.toMatchObject({ code: '42501' })
    await expect(queryOnce(databaseUrl, `set role ${names.ownerName}`)).rejects.toMatchObject({ code: '42501' })
    const client = new pg.Client({ connectionString: databaseUrl })
    await client.connect()
    await client.query('set role kith_app')
    expect((await client.query('select * from rows')).rows).toEqual([{ id: 1 }])
    await client.end()
  })

  test('a second run changes nothing, and keeps the passwords', async () => {
    const first = await run()
    const second = await run()
    expect(second.passwordsKnown).toBe(false)
    expect([second.migrationUrl, second.databaseUrl].map(passwordOf)).toEqual(['', ''])
    expect(new URL(second.databaseUrl).username).toBe(names.loginName)
    expect(await queryOnce(first.databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(await queryOnce(first.migrationUrl, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(await catalogue()).toEqual(expected())
  })

  test('a password that is given is set, whatever is in it, and only that one', async () => {
    const first = await run()
    const loginPassword = `p@ss/word:%41 'quoted' ?#"`
    const second = await run({ loginPassword })
    expect(passwordOf(second.databaseUrl)).toBe(loginPassword)
    expect(await queryOnce(second.databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }])
    await expect(queryOnce(first.databaseUrl, 'select 1')).rejects.toMatchObject({ code: '28P01' })
    expect(await queryOnce(first.migrationUrl, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('the right to make databases can be left out, and is taken back', async () => {
    await run()
    await run({ createDatabaseRight: false })
    expect(await catalogue()).toMatchObject({ roles: { [names.ownerName]: 'login inherit' } })
  })

  test('rights that were changed by hand are mended, strange memberships are named', async () => {
    await run()
    const { database, loginName, ownerName } = names
    await runAsAdmin(adminUrl, `ALTER ROLE ${loginName} SUPERUSER BYPASSRLS INHERIT CREATEROLE`)
    await runAsAdmin(adminUrl, `GRANT ALL ON DATABASE ${database} TO PUBLIC, ${loginName}`)
    await runAsAdmin(adminUrl, `ALTER DATABASE ${database} OWNER TO ${loginName}`)
    lines = []
    await run()
    expect(await catalogue()).toEqual(expected())
    await runAsAdmin(adminUrl, `GRANT ${ownerName} TO ${loginName}`)
    await run()
    expect(lines.filter((line) => line.includes('member'))).toEqual([
      `${loginName} is a member of ${ownerName} too, and may act as these: revoke it.`,
    ])
  })

  test('several runs at once take turns', async () => {
    const runs = await Promise.all([run(), run(), run(), run()])
    const known = runs.filter((one) => one.passwordsKnown)
    expect(known).toHaveLength(1)
    expect(await queryOnce(known[0]?.databaseUrl ?? '', 'select 1 as one')).toEqual([{ one: 1 }])
    expect(await catalogue()).toEqual(expected())
  })

  test('a database that can not serve is named', async () => {
    const quoted = pg.escapeIdentifier(names.database)
    await runAsAdmin(
      adminUrl,
      `CREATE DATABASE ${quoted} TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'`,
    )
    await run()
    expect(lines).toContain(
      `The database ${names.database} exists in SQL_ASCII with the locale C: Kith won't serve it. Make it anew.`,
    )
  })
})

describe('URLs', () => {
  test('keep the parameters of the admin, but not its login', async () => {
    const { username, password } = new URL(adminUrl)
    const url = Object.assign(new URL(adminUrl), { username: '', password: '' })
    const login = { user: decodeURIComponent(username), password: decodeURIComponent(password) }
    url.search = new URLSearchParams({ sslmode: 'disable', application_name: 'a b', ...login }).toString()
    const made = await run({ adminUrl: url.href, loginPassword: 'secret' })
    const { host } = new URL(adminUrl)
    const { database, loginName } = names
    expect(made.databaseUrl).toBe(
      `postgresql://${loginName}:secret@${host}/${database}?sslmode=disable&application_name=a+b`,
    )
    expect(await queryOnce(made.databaseUrl, 'select current_user::text as role')).toEqual([{ role: loginName }])
  })

  test('of a host in a parameter, as a socket is given, get a login too', async () => {
    const { hostname, port, username, password } = new URL(adminUrl)
    const secret = password ? `:${password}` : ''
    const made = await run({
      adminUrl: `postgresql://${username}${secret}@/postgres?host=${hostname}&port=${port}`,
      ownerPassword: 'secret',
    })
    expect(made.migrationUrl).toBe(
      `postgresql://${names.ownerName}:secret@/${names.database}?host=${hostname}&port=${port}`,
    )
    expect(await queryOnce(made.migrationUrl, 'select current_user::text as role')).toEqual([{ role: names.ownerName }])
  })
})

describe('refusals, with nothing changed', () => {
  async function roles(): Promise<unknown> {
    return queryOnce(adminUrl, `select rolname from pg_roles where rolname like '${names.database}%'`)
  }

  test('a login that is the admin, a group, or both logins at once', async () => {
    const [self] = await queryOnce(adminUrl, 'select current_user::text as name')
    const refused = [
      { loginName: String(self?.['name']) },
      { ownerName: String(self?.['name']) },
      { loginName: 'kith_app' },
      { loginName: names.ownerName },
    ]
    for (const options of refused) await expect(run(options)).rejects.toThrow("can't be a login of Kith")
    expect(await roles()).toEqual([])
  })

  test('an admin without the rights', async () => {
    const { migrationUrl } = testRun()
    const owner = Object.assign(new URL(migrationUrl), { pathname: new URL(adminUrl).pathname }).href
    await expect(run({ adminUrl: owner })).rejects.toMatchObject({ code: '42501' })
    expect(await roles()).toEqual([])
  })

  test('a server that is not there', async () => {
    await expect(run({ adminUrl: 'postgresql://postgres@127.0.0.1:1/postgres' })).rejects.toThrow(
      /^The server can't be reached as its admin: .*ECONNREFUSED/,
    )
  })
})
