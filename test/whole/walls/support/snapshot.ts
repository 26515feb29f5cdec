import pg from 'pg'

/** All rows of all tables by table, as the administrator sees them. */
export type Snapshot = Readonly<Record<string, readonly Record<string, unknown>[]>>

/** Reads every row of every table of the schema, whichever tenant it is of; open until `close`. */
export async function openSnapshots(adminUrl: string): Promise<{ take(): Promise<Snapshot>; close(): Promise<void> }> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
      and relname <> '_prisma_migrations' order by 1`,
  )
  const parts = rows.map(
    ({ name }) => `'${name}', (select coalesce(jsonb_agg(to_jsonb(t) order by to_jsonb(t)), '[]') from ${name} t)`,
  )
  const text = `select jsonb_build_object(${parts.join(', ')}) as snapshot`
  return {
    async take() {
      const result = await client.query<{ snapshot: Snapshot }>(text)
      return result.rows[0]?.snapshot ?? {}
    },
    close: () => client.end(),
  }
}
