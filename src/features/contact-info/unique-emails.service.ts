import type { Scope } from '../../access/scope.js'
import type { Change } from '../../database/change.js'
import type { Statement } from '../../database/statement.js'
import { checkEmail } from '../../lib/value/email.js'
import {
  clearAllEmailKeys,
  countEmailDoubles,
  findEmailsBeyondAscii,
  setEmailKeys,
  type EmailKey,
} from './unique-emails.repository.js'

/** What has to be written for e-mail addresses to be unique from now on, and how many addresses forbid it. */
export interface UniqueEmailsSwitch {
  readonly doubles: number
  readonly writes: readonly Statement[]
}

/** Looks up what turning unique e-mail addresses on takes, inside a change that holds the tenant's row alone. */
export async function turnUniqueEmailsOn(scope: Scope, change: Change): Promise<UniqueEmailsSwitch> {
  const beyond = await change.ask<{ id: string; email: string }>(findEmailsBeyondAscii(scope))
  const keys = emailKeys(beyond)
  const [{ total } = { total: 0 }] = await change.ask<{ total: number }>(countEmailDoubles(scope, keys))
  return { doubles: total, writes: [setEmailKeys(scope, keys)] }
}

/** The unique keys of some rows with addresses, by the rule for all of them. */
export function emailKeys(rows: readonly { readonly id: string; readonly email: string }[]): EmailKey[] {
  return rows.flatMap(({ id, email }) => {
    const checked = checkEmail(email)
    return checked.ok ? [{ id, key: checked.value.key }] : []
  })
}

/** What turning unique e-mail addresses off takes. */
export function turnUniqueEmailsOff(scope: Scope): UniqueEmailsSwitch {
  return { doubles: 0, writes: [clearAllEmailKeys(scope)] }
}
