import pg from 'pg'

/** A connection of the database's owner. */
export type OwnerClient = pg.Client

// Any two runs on one database would wait for each other's indexes.
const LOCK_KEY = 727_410_002

/** Runs work as the owner, alone among all who do this. @throws Error where another one is at it */
export async function withOwner<Result>(url: string, work: (client: OwnerClient) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url, application_name: 'kith optimize' })
  await client.connect()
  try {
    const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [LOCK_KEY])
    if (!rows[0]?.locked) throw new Error('Another db:optimize is under way.')
    // Indexes of large tables take as long as they take.
    await client.query('set statement_timeout = 0')
    return await work(client)
  } finally {
    await client.end()
  }
}
