import { h } from './dom.js'
import { ago, short } from './format.js'
import type { Plan } from './types.js'

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Join Type'?: string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly Alias?: string
  readonly 'Total Cost': number
  readonly 'Plan Rows': number
  readonly 'Index Cond'?: string
  readonly Filter?: string
  readonly 'Hash Cond'?: string
  readonly 'Sort Key'?: readonly string[]
  readonly Plans?: readonly PlanNode[]
}

/** A plan as a tree of its nodes, with a bar for what each costs of the whole; whole tables that are read stand out. */
export function planTree(plan: Plan): HTMLElement {
  const root = rootOf(plan.json)
  const note = h(
    'p',
    { class: 'note' },
    `Generic plan, sampled ${ago(plan.sampledAt)}; costs and rows are the planner's estimates.`,
  )
  if (!root) return h('div', {}, note, h('pre', { class: 'code', tabindex: '0' }, JSON.stringify(plan.json, null, 2)))
  return h('div', { class: 'plan' }, note, h('ul', {}, nodeOf(root, Math.max(root['Total Cost'], 1e-9))))
}

function rootOf(json: unknown): PlanNode | undefined {
  const first: unknown = Array.isArray(json) ? json[0] : json
  if (typeof first !== 'object' || first === null) return undefined
  const root = 'Plan' in first ? first.Plan : first
  return typeof root === 'object' && root !== null && 'Node Type' in root ? (root as PlanNode) : undefined
}

function nodeOf(node: PlanNode, wholeCost: number): HTMLElement {
  const children = node.Plans ?? []
  const ownCost = Math.max(0, node['Total Cost'] - children.reduce((sum, child) => sum + child['Total Cost'], 0))
  const isWholeTable = node['Node Type'] === 'Seq Scan'
  const on = [node['Relation Name'], node['Index Name'] && `by ${node['Index Name']}`].filter(Boolean).join(' ')
  const conditions = [
    node['Index Cond'],
    node['Hash Cond'],
    node.Filter && `filter ${node.Filter}`,
    node['Sort Key']?.join(', '),
  ]
  const cost = h('span', { class: 'plan-cost' })
  cost.style.width = `${Math.max(2, (ownCost / wholeCost) * 100)}%`
  return h(
    'li',
    {},
    h(
      'div',
      { class: 'plan-node' },
      h('b', { class: isWholeTable ? 'bad' : '' }, node['Node Type']),
      on ? ` ${on}` : null,
      h('span', { class: 'muted' }, ` ${short(node['Plan Rows'])} rows, cost ${short(node['Total Cost'])}`),
      h('span', { class: 'bar', 'aria-hidden': 'true' }, cost),
      ...conditions.filter(Boolean).map((condition) => h('code', { class: 'plan-condition' }, condition)),
    ),
    children.length > 0 ? h('ul', {}, ...children.map((child) => nodeOf(child, wholeCost))) : null,
  )
}
