import { setting, whole, type Setting } from './lib/setting.js'

/** The settings of exports, of which SETTINGS is made. */
export const EXPORT_SETTINGS = {
  KITH_EXPORTS: setting(
    whole(4, 1, 100),
    'integer',
    '4',
    'exports',
    'Exports that a process sends at once, half of them for one tenant at most. Each has a connection beside those of KITH_POOL_MAX.',
  ),
  KITH_EXPORT_SECONDS: setting(
    whole(3600, 1, 86_400),
    'integer',
    '3600',
    's',
    'An export that takes longer is cut; the database keeps old rows as long as one runs.',
  ),
  KITH_EXPORT_IDLE_SECONDS: setting(
    whole(60, 1, 3600),
    'integer',
    '60',
    's',
    'An export whose client takes nothing for this long is cut.',
  ),
} as const satisfies Record<string, Setting<unknown>>
