import { parseArgs } from 'node:util'
import { insertFirstUser } from '../features/identity/user.service.js'
import { createTenant } from '../features/tenant/tenant.service.js'
import type { Checked } from '../lib/value/checked.js'
import { checkCountry } from '../lib/value/country.js'
import { checkCurrency } from '../lib/value/currency.js'
import { checkEmail } from '../lib/value/email.js'
import { checkText } from '../lib/value/text.js'
import { checkTimeZone } from '../lib/value/time-zone.js'
import { openDatabase } from './open-database.js'
import { runCommand, UsageError } from './run-command.js'

const USAGE = `usage: npm run tenant -- --slug <slug> --name <name> --admin-email <address> [--admin-name <name>]
       [--country <ISO 3166>] [--currency <ISO 4217>] [--time-zone <IANA name>] [--unique-emails]

Makes a tenant and its first ADMIN, and prints their ids as JSON.`
const NAME = { maxLength: 255 }

function take<Result>(
  option: string,
  value: string | undefined,
  check: (value: string) => Checked<Result>,
): Result | null {
  if (value === undefined) return null
  const checked = check(value)
  if (!checked.ok) throw new UsageError(`--${option}: ${checked.problem}`)
  return checked.value
}

await runCommand(async (args) => {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args,
    options: {
      slug: text,
      name: text,
      'admin-email': text,
      'admin-name': text,
      country: text,
      currency: text,
      'time-zone': text,
      'unique-emails': { type: 'boolean' },
    },
  })
  const name = take('name', values.name, (value) => checkText(value, NAME))
  const email = take('admin-email', values['admin-email'], checkEmail)?.email
  if (!values.slug || !name || !email) throw new UsageError(USAGE)
  const settings = {
    slug: values.slug,
    name,
    defaultCountry: take('country', values.country, checkCountry),
    defaultCurrency: take('currency', values.currency, checkCurrency),
    timeZone: take('time-zone', values['time-zone'], checkTimeZone),
    uniqueEmails: values['unique-emails'] ?? false,
  }
  const adminName = take('admin-name', values['admin-name'], (value) => checkText(value, NAME)) ?? email
  const { database, close } = await openDatabase()
  try {
    const now = new Date()
    let adminId = ''
    const tenant = await createTenant(database, settings, now, async (tx, { id }) => {
      adminId = await insertFirstUser(tx, id, { email, name: adminName }, now)
    })
    console.log(JSON.stringify({ tenantId: tenant.id, slug: tenant.slug, adminId }))
  } finally {
    await close()
  }
}, USAGE)
