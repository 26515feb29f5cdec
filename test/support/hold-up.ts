import type { HttpServer } from './http-server.js'

/**
 * Makes one statement of the server slow: its row is locked by another transaction for a second.
 */
export async function holdUpStatement({ ask, database, tenant }: HttpServer): Promise<void> {
  const { body } = await ask('mutation { createContact(input: { lastName: "Slow" }) { contact { id } } }')
  const id = String((body.data['createContact'] as { contact: { id: string } }).contact.id)
  const held = database.transaction(tenant.settings.id, 'hold', async ({ sql }) => {
    await sql({
      label: 'hold',
      text: 'select from contacts where tenant_id = $1 and id = $2 for update',
      values: [tenant.settings.id, id],
    })
    const waiting = ask(`mutation { deleteContact(input: { id: "${id}", version: 1 }) { userErrors { code } } }`)
    await sql({ label: 'sleep', text: 'select pg_sleep(1)', values: [] })
    return { waiting }
  })
  await (
    await held
  ).waiting
}
