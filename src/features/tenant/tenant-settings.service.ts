import type { Scope } from '../../access/scope.js'
import type { Change } from '../../database/change.js'
import type { Database } from '../../database/database.js'
import { createInputCheck, givenOnly, type Given } from '../../lib/input.js'
import type { TenantSettings } from '../../lib/principal.js'
import { accept, formatCount } from '../../lib/value/checked.js'
import { checkCountry } from '../../lib/value/country.js'
import { checkCurrency } from '../../lib/value/currency.js'
import { checkText } from '../../lib/value/text.js'
import { checkTimeZone } from '../../lib/value/time-zone.js'
import { refuse, refusedResult, runMutation, type MutationResult } from '../../records/mutation.js'
import { turnUniqueEmailsOff, turnUniqueEmailsOn } from '../contact-info/unique-emails.service.js'
import { lockTenant, updateTenantRow } from './tenant.repository.js'

/** Changes to the settings of a tenant: what is absent stays, null clears. */
export interface UpdateTenantInput {
  readonly name?: Given<string>
  readonly defaultCountry?: Given<string>
  readonly defaultCurrency?: Given<string>
  readonly timeZone?: Given<string>
  readonly uniqueEmails?: Given<boolean>
}

/**
 * Changes the settings of the principal's tenant. Turning unique e-mail addresses on is refused where one stands twice
 * on live records; where it isn't, each address gets its unique key in the same transaction.
 */
export function updateTenant(
  scope: Scope,
  database: Database,
  input: UpdateTenantInput,
): Promise<MutationResult<TenantSettings>> {
  const id = scope.tenantId
  return runMutation<MutationResult<TenantSettings>>(database, id, {}, refusedResult, async (change) => {
    const check = createInputCheck()
    const given = givenOnly({
      name: check.need('name', input.name, (value) => checkText(value, { maxLength: 255 })),
      defaultCountry: check.take('defaultCountry', input.defaultCountry, checkCountry),
      defaultCurrency: check.take('defaultCurrency', input.defaultCurrency, checkCurrency),
      timeZone: check.take('timeZone', input.timeZone, checkTimeZone),
      uniqueEmails: check.need('uniqueEmails', input.uniqueEmails, (value) => accept(value)),
    })
    const [stored] = await change.ask<TenantSettings>(lockTenant(scope, given.uniqueEmails !== undefined))
    if (!stored) throw new Error('the tenant of the principal is gone')
    const settings: TenantSettings = { ...stored, ...given }
    const { doubles, writes } = await askSwitch(scope, change, stored.uniqueEmails, settings.uniqueEmails)
    if (doubles > 0) {
      const what = doubles === 1 ? '1 address stands' : `${formatCount(doubles)} addresses stand`
      check.refuse(
        'uniqueEmails',
        `${what} more than once on live records: remove the doubles first.`,
        'ALREADY_EXISTS',
      )
    }
    refuse(check.errors)
    const names = Object.keys(given) as (keyof typeof given)[]
    if (names.every((name) => stored[name] === settings[name])) {
      await change.commit([])
      return { id, record: stored, userErrors: [] }
    }
    const [[record] = []] = await change.commit([updateTenantRow(scope, settings), ...writes])
    return { id, record: record as unknown as TenantSettings, userErrors: [] }
  })
}

function askSwitch(scope: Scope, change: Change, wasOn: boolean, isOn: boolean) {
  if (wasOn === isOn) return { doubles: 0, writes: [] }
  return isOn ? turnUniqueEmailsOn(scope, change) : turnUniqueEmailsOff(scope)
}
