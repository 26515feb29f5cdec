import type { Scope } from '../../access/scope.js'
import { AppError } from '../../lib/errors.js'
import { createInputCheck } from '../../lib/input.js'
import { roleIncludes, type Role } from '../../lib/principal.js'
import type { UserError } from '../../lib/errors.js'
import { isStorable, UNSTORABLE } from '../../lib/storable.js'
import { checkColumns, readAliases } from '../../records/record-checks.js'
import type { RecordKind, Values } from '../../records/record-kind.js'

/** What is done with every record that a filter finds. */
export type BulkAction = 'UPDATE' | 'DELETE' | 'RESTORE' | 'SET_OWNER' | 'OPT_OUT'

/** A way in which people no longer want to be written to or called. */
export type OptOutChannel = 'EMAIL' | 'SMS' | 'CALL'

/** What is done with which records, as clients say it. */
export interface BulkChange {
  readonly action: BulkAction
  readonly filter: object
  readonly search?: string | null | undefined
  /** of UPDATE: the fields that are set */
  readonly update?: Values | null | undefined
  /** of SET_OWNER: whose they are to be; nobody's without it */
  readonly ownerId?: string | null | undefined
  /** of OPT_OUT; all that records of the type know of where it is absent */
  readonly optOut?: readonly OptOutChannel[] | null | undefined
}

const ROLES: Readonly<Record<BulkAction, Role>> = {
  UPDATE: 'MEMBER',
  SET_OWNER: 'MEMBER',
  OPT_OUT: 'MEMBER',
  DELETE: 'MANAGER',
  RESTORE: 'MANAGER',
}

/** Lets a role pass that may do the same with one record. @throws FORBIDDEN */
export function requireActionRole({ principal: { role } }: Scope, action: BulkAction): void {
  const needed = ROLES[action]
  if (roleIncludes(role, needed)) return
  throw new AppError('FORBIDDEN', `${action} needs the role ${needed}; yours is ${role}.`, {
    extensions: { field: 'input.action' },
  })
}

// What only some actions read.
const FIELDS = { update: 'UPDATE', ownerId: 'SET_OWNER', optOut: 'OPT_OUT' } as const

/** What is wrong with a change as such, before any record is looked at; paths begin at the change. */
export function checkChange(scope: Scope, kind: RecordKind, change: BulkChange): readonly UserError[] {
  const check = createInputCheck()
  for (const [field, action] of Object.entries(FIELDS)) {
    const isGiven = change[field as keyof typeof FIELDS] !== undefined && change[field as keyof typeof FIELDS] !== null
    if (isGiven && change.action !== action) check.refuse(field, `It goes with the action ${action} alone.`)
  }
  const patch = change.update ?? {}
  if (change.action === 'UPDATE') {
    if (Object.values(patch).every((value) => value === undefined)) {
      check.refuse('update', 'UPDATE needs at least one field that is set.')
    }
    const at = check.at('update')
    checkColumns(kind.columns, at, readAliases(kind, at, patch), scope.principal.tenant)
  }
  if (change.action === 'RESTORE' && change.search?.trim()) {
    check.refuse('search', 'Only live records are searched: look for deleted ones by the filter.')
  }
  if (change.action === 'OPT_OUT' && change.optOut?.length === 0) {
    check.refuse('optOut', 'OPT_OUT needs at least one channel.')
  }
  for (const field of ['filter', 'search', 'update'] as const) {
    const isTold = check.errors.some((error) => error.field[0] === field)
    if (!isTold && !isStorable(change[field])) check.refuse(field, UNSTORABLE)
  }
  return check.errors
}

const OPT_INS: Readonly<Record<OptOutChannel, string>> = { EMAIL: 'emailOptIn', SMS: 'smsOptIn', CALL: 'callOptIn' }

/** The columns that a change sets in each record; for OPT_OUT those that records of the type have. */
export function columnsOf({ columns }: RecordKind, change: BulkChange): Values {
  switch (change.action) {
    case 'UPDATE':
      return change.update ?? {}
    case 'SET_OWNER':
      return { ['ownerId' in columns ? 'ownerId' : 'assignedToId']: change.ownerId ?? null }
    case 'OPT_OUT':
      return Object.fromEntries(
        channelsOf(change).flatMap((channel) => (OPT_INS[channel] in columns ? [[OPT_INS[channel], false]] : [])),
      )
    default:
      return {}
  }
}

/** Whether a change notes at e-mail addresses that their owners don't want any more. */
export function optsOutOfEmail(change: BulkChange): boolean {
  return change.action === 'OPT_OUT' && channelsOf(change).includes('EMAIL')
}

function channelsOf({ optOut }: BulkChange): readonly OptOutChannel[] {
  return optOut ?? (Object.keys(OPT_INS) as OptOutChannel[])
}
