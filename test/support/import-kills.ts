import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { runCommandProcess } from './command-process.js'

/** An import that is killed again and again. */
export interface KilledImport {
  readonly folder: string
  readonly adminUrl: string
  readonly environment: Readonly<Record<string, string>>
  readonly tenantSlug: string
  readonly rows: number
  /** at how many rows each process is killed, once it has come so far */
  readonly killAt: readonly number[]
}

/** What is there after an import that was killed. */
export interface Survived {
  /** processes that were killed before they were done */
  readonly kills: number
  readonly code: number
  readonly job: Record<string, unknown> | undefined
  readonly contacts: number
  /** contacts that stand more than once, by their external ids */
  readonly doubled: number
  readonly emails: number
}

/**
 * Imports rows by the command, in one process after the other: each is killed by SIGKILL once so many rows are in, wherever it
 * is then; the last one runs to the end.
 */
export async function importWithKills(killed: KilledImport): Promise<Survived> {
  const { folder, adminUrl, environment, tenantSlug, rows, killAt } = killed
  const [path, map] = [join(folder, 'people.csv'), join(folder, 'map.json')]
  const lines = Array.from(
    { length: rows },
    (_, index) => `x${index},Name ${index},p${index}@example.com,Firm ${index % 50}`,
  )
  writeFileSync(path, ['Id,Name,Mail,Firm', ...lines].join('\n'))
  const columns = { Id: 'externalId', Name: 'lastName', Mail: 'emailAddresses.1.email', Firm: 'company.name' }
  writeFileSync(map, JSON.stringify({ columns }))
  const args = [path, '--tenant', tenantSlug, '--type', 'CONTACT', '--map', map, '--create-companies']
  const command = [...args, '--import-id', 'killed', '--duplicates', 'CREATE']
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  const read = async (text: string) => (await client.query<Record<string, unknown>>(text)).rows[0]
  let kills = 0
  try {
    for (const target of killAt) {
      const child = spawn(process.execPath, ['tools/command.mjs', 'import', ...command], {
        env: environment,
        stdio: 'ignore',
      })
      const exited = once(child, 'exit')
      let isOver = false
      void exited.then(() => (isOver = true))
      while (!isOver && Number((await read('select read_rows from jobs'))?.['read_rows'] ?? 0) < target) await sleep(3)
      if (!isOver) kills += child.kill('SIGKILL') ? 1 : 0
      await exited
      // Another worker would wait for the end of its lease.
      await client.query('update jobs set lease_until = null where finished_at is null')
    }
    const { code } = await runCommandProcess('import', command, environment)
    const counts =
      await read(`select count(*)::int as contacts, count(*)::int - count(distinct external_id)::int as doubled,
      (select count(*)::int from email_addresses) as emails from contacts where external_id like 'x%'`)
    const job = await read(
      `select status, read_rows::int as read, created_rows::int as created, failed_rows::int as failed from jobs`,
    )
    const { contacts, doubled, emails } = counts as Record<'contacts' | 'doubled' | 'emails', number>
    return { kills, code, job, contacts, doubled, emails }
  } finally {
    await client.end()
  }
}
