import { deriveKey } from '../../lib/derive-key.js'
import { createDownloadLinks } from './download-link.js'
import { createExportPlaces, type ExportLimits } from './export-places.js'
import type { ExportServices } from './export-request.service.js'

/** How many exports a process sends at once, and how long one may take. */
export interface ExportOptions extends ExportLimits {
  readonly atOnce: number
}

/** Two, an hour and a minute. */
export const EXPORT_DEFAULTS: ExportOptions = { atOnce: 2, totalMs: 3_600_000, idleMs: 60_000 }

/** What exports need of the process: the key of their addresses, from the server's secret, and their places. */
export function createExporting(
  secret: string,
  { atOnce, ...exportLimits }: ExportOptions,
): Pick<ExportServices, 'downloads' | 'exportPlaces' | 'exportLimits'> {
  const downloads = createDownloadLinks(deriveKey(secret, 'downloads'))
  return { downloads, exportPlaces: createExportPlaces(atOnce), exportLimits }
}
