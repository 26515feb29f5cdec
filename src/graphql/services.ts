import type { AccessOf } from '../access/scope.js'
import type { Registry } from '../concepts/registry.js'
import type { AlertServices } from '../features/alert/alert.service.js'
import type { ContactInfoServices } from '../features/contact-info/contact-info.service.js'
import type { CustomFieldServices } from '../features/custom-field/definition.service.js'
import type { ExportOptions } from '../features/export/exporting.js'
import type { ExportServices } from '../features/export/export-request.service.js'
import type { ImportServices } from '../features/import/import-handler.js'
import type { JobServices } from '../features/job/job.service.js'
import type { PerformanceServices } from '../features/performance/performance.service.js'
import type { RequestLimits } from './limits.js'
import type { Lane } from '../lib/lane.js'
import type { Turns } from '../lib/turns.js'
import type { Lister } from '../list/lister.js'

/** What resolvers hand on to services: the wired parts of the process, made once by `start/services.ts`. */
export interface Services
  extends
    Lister,
    ContactInfoServices,
    CustomFieldServices,
    ExportServices,
    JobServices,
    ImportServices,
    PerformanceServices,
    AlertServices {
  /** what every scope knows of the concepts */
  readonly registry: Registry
  /** what each principal may see */
  readonly accessOf: AccessOf
  readonly limits: RequestLimits
  /** in which the rows of large answers are resolved */
  readonly turns: Turns
  /** through which large requests go, a few at a time */
  readonly lane: Lane
}

/** What who makes services may choose; the rest follows from the database and the secret. */
export interface ChosenServices extends Pick<
  Services,
  | ('accessOf' | 'limits' | 'customFieldLimit' | 'uploadLimitBytes')
  | ('fieldChores' | 'fieldUsage' | 'jobsAdded' | 'monitoring' | 'alerting')
> {
  /** a clock that never goes back, of no fixed beginning */
  readonly nowMs: () => number
  readonly reportFailure: (error: Error) => void
  readonly exports: ExportOptions
}
