import { expect, test } from '@jest/globals'
import type { CustomFieldDefinitionRow } from '../../../src/features/custom-field/custom-field.columns.js'
import * as repository from '../../../src/features/custom-field/field-change.repository.js'
import type { PlanNode } from '../../../src/metrics/plans.js'
import { openDesk, openTenant } from '../../support/desk.js'

const conditionsOf = (plan: PlanNode, name: string): unknown[] =>
  [plan[name], ...(plan.Plans ?? []).flatMap((each) => conditionsOf(each, name))].filter(Boolean)

test('a batch begins at its cursor in the index, also under row-level security', async () => {
  const desk = await openDesk()
  try {
    const { tenant } = await openTenant(desk)
    const tenantId = tenant.settings.id
    const known = { id: tenantId, entityType: 'CONTACT', change: null } as CustomFieldDefinitionRow
    const writer = { tenantId, now: new Date(0) }
    for (const { label, text } of [
      repository.findNextBatch(writer, known, 50),
      repository.lockNextOwners(writer, known, 50),
      repository.readNextBatch(writer, known, 50),
      repository.findNextSearched(writer, known.id, 50),
    ]) {
      const planned = { role: 'kith_app', tenantId, tables: undefined, text } as const
      const plan = await desk.api.database.hypotheticalPlan(planned, null)
      if (!plan) throw new Error(`no plan of ${label}`)
      expect([label, conditionsOf(plan, 'Index Cond').some((condition) => /entity_id >/.test(String(condition)))]).toEqual([label, true])
      expect([label, conditionsOf(plan, 'Filter').filter((condition) => /entity_id >/.test(String(condition)))]).toEqual([label, []])
    }
  } finally {
    await desk.close()
  }
}) // prettier-ignore
