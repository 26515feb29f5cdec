import { parseArgs } from 'node:util'
import { tokenKeys } from '../features/identity/principal.service.js'
import { signOperatorToken, signToken } from '../features/identity/token.js'
import { readCommandConfig } from '../config.js'
import { ROLES, type Role } from '../lib/principal.js'
import { findClaims } from './claims.js'
import { serverSecret } from './server-secret.js'
import { openDatabase } from './open-database.js'
import { runCommand, UsageError } from './run-command.js'

const USAGE = `usage: npm run -s token -- --tenant <slug> [--user <e-mail>] [--role ${ROLES.join('|')}] [--hours <1-8760>]
       npm run -s token -- --operator [--hours <1-8760>]

Without --user the token is of the longest-serving active user of the role, VIEWER unless another is given. With --user it is
of that user, with the user's own role unless --role gives a lesser one. With --operator it is of nobody's tenant: it reads
how the whole server performs, and nothing else.`
const DEFAULT_HOURS = 12

/** Prints a bearer token and nothing else. */
await runCommand(async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      tenant: { type: 'string' },
      user: { type: 'string' },
      role: { type: 'string' },
      hours: { type: 'string' },
      operator: { type: 'boolean' },
    },
  })
  const asked = values.role?.toUpperCase() as Role | undefined
  // A named user has the own role.
  const role = asked ?? (values.user === undefined ? 'VIEWER' : undefined)
  const hours = Number(values.hours ?? DEFAULT_HOURS)
  const isHours = hours >= 1 && hours <= 8760
  // Tokens end at a whole second.
  const seconds = Math.round(hours * 3600)
  if (values.operator) {
    if (values.tenant || values.user || values.role || !isHours) throw new UsageError(USAGE)
    const { operators } = tokenKeys(serverSecret(readCommandConfig()))
    process.stdout.write(`${await signOperatorToken(operators, new Date(), seconds)}\n`)
    return
  }
  if (!values.tenant || (role && !ROLES.includes(role)) || !isHours) throw new UsageError(USAGE)
  const { config, database, close } = await openDatabase({ mustExist: true })
  try {
    const { claims } = await findClaims(database, values.tenant, { email: values.user, role })
    const { tenants } = tokenKeys(serverSecret(config))
    process.stdout.write(`${await signToken(tenants, claims, new Date(), seconds)}\n`)
  } finally {
    await close()
  }
}, USAGE)
