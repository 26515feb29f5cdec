import type { Draft, PartPlan } from '../../records/record-kind.js'
import type { UniqueHolders } from '../../records/unique-holders.js'
import { CONTACT_INFO_KINDS } from './contact-info.columns.js'
import type { KindPlan } from './contact-info.plan.js'

/** What is to happen to the contact info of one record. */
export interface ContactInfoPlan extends PartPlan {
  readonly kinds: readonly KindPlan[]
  /** whether the record is new */
  readonly isNew: boolean
}

/** The plan of a record that consists of those of some kinds. */
export function planOfKinds(
  { id, isNew }: Draft,
  kinds: readonly KindPlan[],
  counts: Readonly<Record<string, number>> = {},
): ContactInfoPlan {
  const changed = kinds.filter((plan) => plan.isChanged)
  return {
    recordId: id,
    counts,
    isChanged: changed.length > 0,
    isSearchedChanged: kinds.some((plan) => plan.isSearchedChanged),
    before: () => Object.fromEntries(changed.map(({ kind, stored }) => [CONTACT_INFO_KINDS[kind].list, stored])),
    kinds,
    isNew,
  }
}

/** Notes whose e-mail addresses are whose by now, once a draft passed its checks. */
export function settleIn(holders: UniqueHolders): (plan: ContactInfoPlan) => void {
  return ({ recordId, kinds }) => {
    for (const { keys } of kinds) holders.settle(recordId, keys.givenUp, keys.taken)
  }
}
