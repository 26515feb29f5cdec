import type { Scope } from '../../access/scope.js'
import { matchByColumn, matchById } from '../../records/match.js'
import type { Draft, RecordKind, Values } from '../../records/record-kind.js'
import { matchByEmail } from '../contact-info/contact-info.match.js'
import { contactInfoPart } from '../contact-info/contact-info.part.js'
import { matchByCustomField } from '../custom-field/custom-field.match.js'
import { customFieldPart } from '../custom-field/custom-field.part.js'
import { COMPANY, COMPANY_ALIASES, COMPANY_COLUMNS } from './company.columns.js'

/** Companies as records. */
export const COMPANY_KIND: RecordKind = {
  type: 'COMPANY',
  concept: COMPANY,
  columns: COMPANY_COLUMNS,
  aliases: COMPANY_ALIASES,
  noun: 'company',
  parts: [contactInfoPart, customFieldPart],
  matchers: {
    ID: matchById,
    EXTERNAL_ID: matchByColumn('externalId'),
    EMAIL: matchByEmail,
    DOMAIN: matchByColumn('domain'),
    CUSTOM_FIELD: matchByCustomField,
  },
  complete: completeRevenue,
}

/** An amount always has a currency: the given one, the stored one, else the tenant's. Without any, it is refused. */
function completeRevenue(scope: Scope, draft: Draft): void {
  const { annualRevenue, annualRevenueCurrency }: Values = { ...draft.stored, ...draft.values }
  const hasAmount = annualRevenue !== null && annualRevenue !== undefined
  if (!hasAmount || (annualRevenueCurrency !== null && annualRevenueCurrency !== undefined)) return
  const { defaultCurrency } = scope.principal.tenant
  if (draft.values['annualRevenueCurrency'] === undefined && defaultCurrency) {
    draft.values = { ...draft.values, annualRevenueCurrency: defaultCurrency }
    return
  }
  draft.check.refuse('annualRevenueCurrency', 'An amount needs a currency.')
}
