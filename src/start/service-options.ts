import type { Config } from '../config.js'
import { REQUEST_LIMITS } from '../graphql/limits.js'
import type { ChosenServices } from '../graphql/services.js'

/** What the configuration says of services, for every process and thread that has some. */
export function chosenServices(
  config: Config,
): Pick<ChosenServices, 'limits' | 'exports' | 'customFieldLimit' | 'uploadLimitBytes'> {
  return {
    exports: {
      atOnce: config.KITH_EXPORTS,
      totalMs: config.KITH_EXPORT_SECONDS * 1000,
      idleMs: config.KITH_EXPORT_IDLE_SECONDS * 1000,
    },
    limits: {
      ...REQUEST_LIMITS,
      cost: config.KITH_COST_LIMIT,
      answerBytes: config.KITH_ANSWER_LIMIT_BYTES,
      durationMs: config.KITH_REQUEST_TIMEOUT_MS,
    },
    customFieldLimit: config.KITH_CUSTOM_FIELD_LIMIT,
    uploadLimitBytes: config.KITH_UPLOAD_LIMIT_BYTES,
  }
}
