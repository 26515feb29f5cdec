import { accept, quote, refuse, type Checked } from './checked.js'
import { checkLine } from './text.js'

const RULE = { maxLength: 255, what: 'time zone' }

/** Zones that `Intl` still gives under the name they had in its first list, with today's names of IANA. */
const TODAYS_NAMES: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca',
  'America/Coral_Harbour': 'America/Atikokan',
  'America/Cordoba': 'America/Argentina/Cordoba',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Louisville': 'America/Kentucky/Louisville',
  'America/Mendoza': 'America/Argentina/Mendoza',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
}

/**
 * A time zone by its IANA name, in the writing of the list: `europe/kiev` gives `Europe/Kyiv`, `US/Pacific` gives
 * `America/Los_Angeles`, and all names of UTC give `UTC`. Plain offsets (`+05:30`) are refused: they know no summer
 * time.
 * @see https://www.iana.org/time-zones
 */
export function checkTimeZone(value: string): Checked<string> {
  const line = checkLine(value, RULE)
  if (!line.ok) return line
  const zone = canonicalZone(line.value)
  if (zone) return accept(TODAYS_NAMES[zone] ?? zone)
  return refuse(`${quote(line.value)} is not a time zone of the IANA list, such as Europe/Berlin or UTC.`)
}

function canonicalZone(name: string): string | null {
  // Newer releases of Node take offsets for zones.
  if (!/^[a-z]/i.test(name)) return null
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return null
  }
}
