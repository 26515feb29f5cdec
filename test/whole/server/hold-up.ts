import type { Transaction } from '../../../src/database/transaction.js'
import type { HttpServer } from '../support/http-server.js'

/**
 * Makes one statement of the server slow: another transaction holds its row until it has waited a tenth of a second.
 */
export async function holdUpStatement({ ask, database, tenant }: HttpServer): Promise<void> {
  const { body } = await ask('mutation { createContact(input: { lastName: "Slow" }) { contact { id } } }')
  const id = String((body.data['createContact'] as { contact: { id: string } }).contact.id)
  const held = database.transaction(tenant.settings.id, 'hold', async (tx) => {
    await tx.sql({
      label: 'hold',
      text: 'select from contacts where tenant_id = $1 and id = $2 for update',
      values: [tenant.settings.id, id],
    })
    const waiting = ask(`mutation { deleteContact(input: { id: "${id}", version: 1 }) { userErrors { code } } }`)
    await waitUntilBlocking(tx)
    await tx.sql({ label: 'sleep', text: 'select pg_sleep(0.1)', values: [] })
    return { waiting }
  })
  await (
    await held
  ).waiting
}

/** Comes back when another connection waits for this transaction. @throws Error when none does within two seconds */
async function waitUntilBlocking({ sql }: Transaction): Promise<void> {
  const text = `select pg_sleep(0.01), exists (
    select from pg_locks where not granted and pg_backend_pid() = any (pg_blocking_pids(pid))) as blocks`
  for (let attempts = 0; attempts < 200; attempts++) {
    const [row] = await sql<{ blocks: boolean }>({ label: 'blocks', text, values: [] })
    if (row?.blocks) return
  }
  throw new Error('No statement waits for the row.')
}
