import type { listIndexes, listSlowQueries, listTables } from './performance.service.js'
import type { View } from './view.js'

/** Who looks, and how far back: fields are read when they are asked for. */
export type PerformanceParent = View
export type SlowQueryParent = ReturnType<typeof listSlowQueries>['entries'][number]
export type TablePerformanceParent = Awaited<ReturnType<typeof listTables>>[number]
export type IndexPerformanceParent = Awaited<ReturnType<typeof listIndexes>>[number]
