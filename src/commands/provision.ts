import { readAdminConfig } from '../config.js'
import { provision } from '../database/admin/provision.js'
import { runCommand, UsageError } from './run-command.js'

const USAGE = `usage: ADMIN_DATABASE_URL=postgresql://… npm run db:provision

Makes the roles and the database on the server of ADMIN_DATABASE_URL, a superuser or a role with CREATEROLE and CREATEDB,
and prints MIGRATION_DATABASE_URL and DATABASE_URL, each as soon as its role exists. It can be run again. Roles that exist keep their passwords; those of the two URLs in the environment are set again.`

/** The password of a URL that is configured already: it is set again, so that what is printed can be used. */
function passwordOf(url: string | undefined, role: string): string | undefined {
  if (!url || decodeURIComponent(new URL(url).username) !== role) return undefined
  return decodeURIComponent(new URL(url).password) || undefined
}

await runCommand(async (args) => {
  if (args.length > 0) throw new UsageError(`Unknown argument '${args[0] ?? ''}'`)
  const config = readAdminConfig()
  if (!config.adminDatabaseUrl) throw new UsageError(USAGE)
  const provisioned = await provision({
    adminUrl: config.adminDatabaseUrl,
    ownerPassword: passwordOf(config.MIGRATION_DATABASE_URL, 'kith_owner'),
    loginPassword: passwordOf(config.DATABASE_URL, 'kith'),
    onUrl: (name, url) => console.log(`${name}=${url}`),
    log: (line) => console.error(line),
  })
  if (!provisioned.passwordsKnown) {
    console.error('A role existed already and keeps its password: put it into the URL, which is printed without it.')
  }
}, USAGE)
