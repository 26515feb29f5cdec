import { createHash } from 'node:crypto'

/** A node of a plan, as EXPLAIN (FORMAT JSON) gives it. */
export interface PlanNode {
  readonly 'Node Type': string
  readonly Plans?: readonly PlanNode[]
  readonly [property: string]: unknown
}

/** The plan of a statement, as it was sampled last. */
export interface SampledPlan {
  readonly plan: PlanNode
  /** equal for plans of the same shape (see planShape) */
  readonly shape: string
  /** milliseconds since 1970 */
  readonly sampledAtMs: number
}

/** A statement's plan has another shape than it had. */
export interface PlanFlip {
  readonly label: string
  readonly role: string
  readonly sql: string
  readonly before: SampledPlan
  readonly after: SampledPlan
}

/** The last plan of each statement, and the changes of their shapes; both bounded. */
export interface Plans {
  readonly of: (planKey: string) => SampledPlan | undefined
  /** Keeps a plan, and gives the flip where its shape is another one than before. */
  readonly keep: (
    planKey: string,
    statement: Pick<PlanFlip, 'label' | 'role' | 'sql'>,
    plan: PlanNode,
    atMs: number,
  ) => PlanFlip | undefined
  /** the latest first */
  readonly flips: () => readonly PlanFlip[]
  readonly flipCount: () => number
}

// What makes a plan another one, however many rows it expects and whatever it costs.
const SHAPE = [
  'Node Type',
  'Strategy',
  'Join Type',
  'Operation',
  'Relation Name',
  'Index Name',
  'Scan Direction',
  'Subplan Name',
]

/** A hash of a plan's nodes, their joins, tables and indexes: 12 hexadecimal digits. */
export function planShape(plan: PlanNode): string {
  const shapeOf = (node: PlanNode): unknown => [
    SHAPE.map((name) => node[name] ?? null),
    (node.Plans ?? []).map(shapeOf),
  ]
  return createHash('sha256')
    .update(JSON.stringify(shapeOf(plan)))
    .digest('hex')
    .slice(0, 12)
}

/** Keeps the plans of `max` statements, and the last `max` flips. */
export function createPlans(max: number): Plans {
  // In the order in which they were sampled last.
  const plans = new Map<string, SampledPlan>()
  const flips: PlanFlip[] = []
  let flipCount = 0
  return {
    of: (planKey) => plans.get(planKey),
    keep(planKey, statement, plan, sampledAtMs) {
      const before = plans.get(planKey)
      const after: SampledPlan = { plan, shape: planShape(plan), sampledAtMs }
      plans.delete(planKey)
      plans.set(planKey, after)
      const [oldest] = plans.keys()
      if (plans.size > max && oldest !== undefined) plans.delete(oldest)
      if (!before || before.shape === after.shape) return undefined
      const flip: PlanFlip = { ...statement, before, after }
      flipCount++
      flips.unshift(flip)
      flips.length = Math.min(flips.length, max)
      return flip
    },
    flips: () => flips,
    flipCount: () => flipCount,
  }
}
