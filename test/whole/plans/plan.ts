/** A node of a plan as EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) gives it. Rows are those of one loop, on average. */
export interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly Alias?: string
  readonly 'Index Name'?: string
  readonly 'Subplan Name'?: string
  readonly 'CTE Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Shared Hit Blocks': number
  readonly 'Shared Read Blocks': number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly PlanNode[]
  readonly [property: string]: unknown
}

const DETAILS = [
  'Index Cond',
  'Recheck Cond',
  'Hash Cond',
  'Merge Cond',
  'Join Filter',
  'Filter',
  'Sort Key',
  'Presorted Key',
]

/** All nodes, each before those below it. */
function planNodes(plan: PlanNode): PlanNode[] {
  return [plan, ...(plan.Plans ?? []).flatMap(planNodes)]
}

/** Pages of 8 KiB that the whole plan looked at, in the server's memory or not. */
export function planBuffers(plan: PlanNode): number {
  return plan['Shared Hit Blocks'] + plan['Shared Read Blocks']
}

/** The tables that are read from end to end, whether or not it came to that this time. */
export function scannedTables(plan: PlanNode): string[] {
  return planNodes(plan)
    .filter((node) => node['Node Type'] === 'Seq Scan')
    .map((node) => node['Relation Name'] ?? '')
}

/** How many rows went into each sort, over all its loops. */
export function sortedRows(plan: PlanNode): number[] {
  return planNodes(plan)
    .filter((node) => node['Node Type'] === 'Sort' || node['Node Type'] === 'Incremental Sort')
    .map((node) => {
      // Steps of a WITH and sub-selects stand beside the rows that are sorted.
      const input = node.Plans?.find((child) => child['Parent Relationship'] === 'Outer')
      return input ? Math.round(input['Actual Rows'] * input['Actual Loops']) : 0
    })
}

/** The plan for people: a line a node, with rows, loops and buffers, and its conditions below. */
export function planText(node: PlanNode, indent = ''): string {
  const name = node['Subplan Name'] ? `${node['Subplan Name']}: ` : ''
  const what = [node['Index Name'], node['Relation Name'] ?? node['CTE Name'], node.Alias].filter(Boolean).join(' ')
  const loops = node['Actual Loops'] === 1 ? '' : ` × ${node['Actual Loops']} loops`
  const removed = node['Rows Removed by Filter'] ? `, ${node['Rows Removed by Filter']} removed by filter` : ''
  const line = `${indent}${name}${node['Node Type']} ${what} (${node['Actual Rows']} rows${loops}${removed}, ${planBuffers(node)} buffers)`
  const details = DETAILS.flatMap((detail) => {
    const value = node[detail] as string | readonly string[] | undefined
    return value === undefined ? [] : [`${indent}    ${detail}: ${[value].flat().join(', ')}`]
  })
  return [line, ...details, ...(node.Plans ?? []).map((child) => planText(child, `${indent}  `))].join('\n')
}
