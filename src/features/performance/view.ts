import { AppError } from '../../lib/errors.js'

export type PerformanceWindow = 'SINCE_START' | 'LAST_HOUR' | 'LAST_FIFTEEN_MINUTES' | 'LAST_MINUTE'

/** Who looks: an operator at all, or a tenant at its own. */
export interface View {
  /** undefined for an operator */
  readonly tenantId: string | undefined
  /** undefined for all since the start */
  readonly minutes: number | undefined
}

const MINUTES: Readonly<Record<PerformanceWindow, number | undefined>> = {
  SINCE_START: undefined,
  LAST_HOUR: 60,
  LAST_FIFTEEN_MINUTES: 15,
  LAST_MINUTE: 1,
}

/** What somebody looks at; without a tenant it is an operator, who sees all. */
export function openView(tenantId: string | undefined, window: PerformanceWindow): View {
  return { tenantId, minutes: MINUTES[window] }
}

/** Lets an operator pass. @throws FORBIDDEN */
export function requireOperator({ tenantId }: View): void {
  if (tenantId === undefined) return
  throw new AppError('FORBIDDEN', "This is of the whole server: it needs an operator's token.")
}
