import { parseArgs } from 'node:util'
import { claimsForRole } from '../features/identity/principal.service.js'
import { signToken } from '../features/identity/token.js'
import { findTenantBySlug } from '../features/tenant/tenant.service.js'
import { deriveKey } from '../lib/derive-key.js'
import { ROLES, type Role } from '../lib/principal.js'
import { serverSecret } from './server-secret.js'
import { openDatabase } from './open-database.js'
import { runCommand, UsageError } from './run-command.js'

const USAGE = `usage: npm run -s token -- --tenant <slug> [--role ${ROLES.join('|')}] [--hours <1-8760>]`
const DEFAULT_HOURS = 12

/** Prints a bearer token and nothing else. */
await runCommand(async (args) => {
  const { values } = parseArgs({
    args,
    options: { tenant: { type: 'string' }, role: { type: 'string' }, hours: { type: 'string' } },
  })
  const role = (values.role ?? 'VIEWER').toUpperCase() as Role
  const hours = Number(values.hours ?? DEFAULT_HOURS)
  if (!values.tenant || !ROLES.includes(role) || !(hours >= 1 && hours <= 8760)) throw new UsageError(USAGE)
  const { config, database, close } = await openDatabase()
  try {
    const tenant = await findTenantBySlug(database, values.tenant)
    if (!tenant) throw new Error(`There is no tenant ${values.tenant}.`)
    const claims = await claimsForRole(database, tenant.id, role)
    if (!claims) throw new Error(`No active user of ${values.tenant} has the role ${role} or a higher one.`)
    const key = deriveKey(serverSecret(config), 'tokens')
    process.stdout.write(`${await signToken(key, claims, new Date(), hours * 3600)}\n`)
  } finally {
    await close()
  }
}, USAGE)
