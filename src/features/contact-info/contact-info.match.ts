import { checkEmail } from '../../lib/value/email.js'
import type { AskMatcher, StoredRecord } from '../../records/record-kind.js'
import { lockRecordsOf } from '../../records/record-statements.js'
import { findOwnersOfEmails, ownersOfEmailsSql } from './contact-info.repository.js'

/**
 * Matches records by the e-mail addresses that a row gives: with each record that has one of them. They are compared
 * apart from case, whether the tenant wants them to be unique or not.
 */
export const matchByEmail: AskMatcher = (scope, _change, kind) =>
  Promise.resolve({
    place: ['emailAddresses'],
    noun: 'e-mail address',
    keysOf({ emailAddresses }) {
      const rows = Array.isArray(emailAddresses) ? (emailAddresses as { readonly email?: unknown }[]) : []
      return [...new Set(rows.flatMap(({ email }) => (typeof email === 'string' ? keysOf(email) : [])))]
    },
    async find(change, keys) {
      const wanted = new Set(keys)
      const [rows, owners] = await Promise.all([
        change.ask<StoredRecord>(lockRecordsOf(scope, kind, ownersOfEmailsSql(scope, kind.type, keys))),
        change.ask<{ id: string; email: string }>(findOwnersOfEmails(scope, kind.type, keys)),
      ])
      // Folded texts are alike in more than case.
      const matches = owners.flatMap(({ id, email }) =>
        keysOf(email).flatMap((key) => (wanted.has(key) ? [{ key, id }] : [])),
      )
      return { rows, matches }
    },
  })

function keysOf(email: string): string[] {
  const checked = checkEmail(email)
  return checked.ok ? [checked.value.key] : []
}
