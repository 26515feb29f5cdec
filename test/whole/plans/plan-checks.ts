import { planBuffers, planText, scannedTables, sortedRows, type PlanNode } from './plan.js'
import type { Sent } from './explain.js'
import type { PlansDesk } from './plans-desk.js'

/** What a plan may not exceed. No table of more than 10,000 rows may be read from end to end, whatever is said here. */
export interface Bars {
  /** rows that go into one sort */
  readonly sortedRows?: number
  /** buffers of the whole plan */
  readonly buffers?: number
}

/** A statement with its plan. */
export interface Planned {
  readonly sent: Sent
  readonly plan: PlanNode
}

/** The plans of the statements that read ids, keys and counts, which are what lists are made of. */
export async function listPlans(desk: PlansDesk, sent: readonly Sent[]): Promise<Planned[]> {
  return allPlans(
    desk,
    sent.filter(({ role }) => role === 'kith_keys'),
  )
}

/** The plans of all statements, those that read rows by id included. */
export async function allPlans(desk: PlansDesk, sent: readonly Sent[]): Promise<Planned[]> {
  const planned: Planned[] = []
  for (const one of sent) planned.push({ sent: one, plan: await desk.explain(one) })
  return planned
}

/** What is wrong with a plan: a text for each bar that it breaks, with the plan and the statement. */
export function planFaults(desk: PlansDesk, what: string, { sent, plan }: Planned, bars: Bars = {}): string[] {
  const scanned = scannedTables(plan).filter((table) => desk.largeTables.has(table))
  const sorted = Math.max(0, ...sortedRows(plan))
  const faults = scanned.map((table) => `reads all of ${table}`)
  if (bars.sortedRows !== undefined && sorted > bars.sortedRows) {
    faults.push(`sorts ${sorted} rows instead of ${bars.sortedRows} at most`)
  }
  if (bars.buffers !== undefined && planBuffers(plan) > bars.buffers) {
    faults.push(`takes ${planBuffers(plan)} buffers instead of ${bars.buffers} at most`)
  }
  return faults.map((fault) => planFault(what, fault, { sent, plan }))
}

/** A fault for people: where it is, what it is, the plan, and the statement with its parameters. */
export function planFault(what: string, fault: string, { sent: { statement }, plan }: Planned): string {
  const values = statement.values.map((value, index) => `$${index + 1} = ${JSON.stringify(value)}`).join(', ')
  return `${what}, ${statement.label}: ${fault}\n${planText(plan, '  ')}\n  ${statement.text}\n  ${values}\n`
}

/** All buffers of several plans. */
export function totalBuffers(plans: readonly Planned[]): number {
  return plans.reduce((total, { plan }) => total + planBuffers(plan), 0)
}
