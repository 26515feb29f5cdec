import { createSeries, mergeSeries, type Series } from './series.js'
import { createSeriesTable, type SeriesTable } from './series-table.js'

/** Series by tenant and name, a bounded number in all, of which no tenant can take the others' away. */
export interface TenantTables {
  readonly tables: ReadonlyMap<string, SeriesTable>
  /** what belongs to tenants that have no table any more */
  readonly rest: Series
  /** how many series there are */
  readonly size: () => number
  readonly at: (tenantId: string, name: string) => Series
}

const KEPT_PART = 0.9

/**
 * Tables of at most `max` series together. When a new one finds them full, tenants that have more than nine tenths of
 * what the largest has give up their lightest. Where every tenant has one alone, the tenant that got its last one the
 * longest ago goes to the rest.
 */
export function createTenantTables(max: number): TenantTables {
  // In the order in which they were last given a new name.
  const tables = new Map<string, SeriesTable>()
  const rest = createSeries()
  let size = 0

  const dropOldestTenant = (): void => {
    const [oldest] = tables
    if (!oldest) return
    const [tenantId, table] = oldest
    for (const one of [...table.series.values(), table.rest]) mergeSeries(rest, one)
    size -= table.series.size
    tables.delete(tenantId)
  }

  const makeRoom = (): void => {
    const most = Math.max(...[...tables.values()].map(({ series }) => series.size))
    const left = Math.max(1, Math.min(most - 1, Math.floor(most * KEPT_PART)))
    if (most === left) return dropOldestTenant()
    for (const table of tables.values()) {
      const excess = table.series.size - left
      if (excess <= 0) continue
      table.dropLightest(excess)
      size -= excess
    }
  }

  return {
    tables,
    rest,
    size: () => size,
    at(tenantId, name) {
      const known = tables.get(tenantId)?.series.get(name)
      if (known) return known
      if (size >= max) makeRoom()
      const table = tables.get(tenantId) ?? createSeriesTable(Infinity)
      tables.delete(tenantId)
      tables.set(tenantId, table)
      size++
      return table.at(name)
    },
  }
}
