/**
 * Texts that names are made of: case, accents, scripts, ligatures, wildcards of SQL, quotes, lengths up to the limit.
 */
export const TEXTS: readonly string[] = [
  'Müller',
  'Muller',
  'MULLER',
  'müller',
  'Anna Müller',
  'Müller, Anna-Maria',
  'Ærø',
  'AERO',
  'Łódź',
  'lodz',
  'Straße',
  'STRASSE',
  'ﬁle',
  'File',
  '横山',
  '横山太郎',
  'ﾖｺﾔﾏ',
  'ヨコヤマ',
  'Иванов',
  'ИВАНОВ',
  'Иванов Ёж',
  'ΟΔΥΣΣΕΥΣ',
  'οδυσσευς',
  'İstanbul',
  'علي',
  'क़लम',
  '김철수',
  'José',
  'x̂ŷ',
  '👩‍💻 Ada',
  '👩',
  '𝒜da',
  '½ Ⅷ',
  '%',
  '_',
  '100 %',
  '１００％',
  'a_b',
  'a\\b',
  '\\',
  "O'Brien",
  'O’Brien',
  '"quoted"',
  'a b',
  'b a',
  'a-b.c',
  'null',
  '0',
  'ﬁ'.repeat(255),
  `${'ﬁ'.repeat(127)}f`,
  'Ä'.repeat(255),
  `${'a'.repeat(254)}z`,
  `${'a'.repeat(254)}y`,
].map((text) => text.normalize('NFC'))

/** Texts that are longer than what is compared of a name, and some with lines. */
export const NOTES: readonly string[] = [
  ...TEXTS.slice(0, 12),
  'first line\nsecond line: 100 %, a_b',
  `${'word '.repeat(120)}end`,
  `${'word '.repeat(120)}Ende`,
]

export const WEBSITES: readonly string[] = [
  'https://acme.com/',
  'https://ACME.com/%7Eada',
  'http://münchen.example/a_b?c=100%',
  `https://acme.com/${'a'.repeat(260)}`,
  `https://acme.com/${'a'.repeat(260)}/b`,
]

/** A domain of its own for each number, in ASCII; the first is an international one. */
export function domainNumber(index: number): string {
  return ['xn--mller-kva.example', 'acme.com', 'a-b.example.org'][index] ?? `c${index % 7}.d${index}.example.net`
}

/** How people write domains. */
export const DOMAINS: readonly string[] = [
  'müller.example',
  'MÜLLER.example',
  'xn--mller-kva.example',
  'Acme.com',
  'acme.com',
  'a-b.example.org',
  'mail.example',
  'c3.d3.example.net',
]

export const EMAILS: readonly { readonly email: string; readonly domain: string }[] = [
  { email: 'Ada@Acme.com', domain: 'acme.com' },
  { email: 'ada@acme.com', domain: 'acme.com' },
  { email: 'o_brien+100%@acme.com', domain: 'acme.com' },
  { email: "o'brien@mail.example", domain: 'mail.example' },
  { email: 'müller@müller.example', domain: 'xn--mller-kva.example' },
  { email: 'MULLER@MÜLLER.example', domain: 'xn--mller-kva.example' },
  { email: `${'a'.repeat(64)}@${'b'.repeat(60)}.example`, domain: `${'b'.repeat(60)}.example` },
]

/** Phone numbers of E.164 with ways to write them in the United States. */
const PHONES: Readonly<Record<string, readonly string[]>> = {
  '+12024561111': ['+1 202 456 1111', '(202) 456-1111', '202.456.1111', '1-202-456-1111', '011 1 202 456 1111'],
  '+12125550199': ['+1 (212) 555-0199', '212 555 0199'],
  '+12125551199': ['+1 212 555 1199'],
  '+493012345678': ['+49 30 12345678', '+49 (0)30 12345678', '011 49 30 12345678'],
  '+442079460018': ['+44 20 7946 0018', '＋44 20 7946 0018'],
}

export const PHONE_NUMBERS: readonly string[] = Object.keys(PHONES)
export const PHONE_WRITINGS: readonly string[] = [...PHONE_NUMBERS, ...Object.values(PHONES).flat()]
export const PHONE_STARTS: readonly string[] = ['+1', '+1212', '+121255501', '+4', '+49', '+12125550199', '+9']
export const PHONE_ENDS: readonly string[] = ['9', '199', '0199', '1199', '12125550199', '1111', '345', '8']

const E164 = new Map(
  Object.entries(PHONES).flatMap(([number, writings]) => [number, ...writings].map((writing) => [writing, number])),
)

/** The E.164 form of one of the writings above. */
export function phoneOf(writing: string): string {
  const number = E164.get(writing)
  if (number === undefined) throw new Error(`no such writing of a phone number: ${writing}`)
  return number
}

export const COUNTRIES: readonly string[] = ['DE', 'US', 'JP']
export const CURRENCIES: readonly string[] = ['EUR', 'USD', 'JPY']
export const AMOUNTS: readonly string[] = [
  '0.00',
  '-1.50',
  '1.50',
  '9.99',
  '10.00',
  '1250000.50',
  '9999999999999999.99',
]
export const AMOUNT_WRITINGS: readonly string[] = [
  ...AMOUNTS,
  '0',
  '-0',
  '+1.5',
  '1.500000000000000000000000000001',
  '10',
  '0009.990',
  '100000000000000000000000',
]

/** Names of a tenant's own lists: each is its own whatever its case and accents. */
export const LIST_NAMES: readonly string[] = ['Ærø', 'bank', 'Łódź', '横山', '%', '_', 'Öl & Gas', 'zoo']

/** Time zones with the turns of their clocks, whole and odd offsets; null is UTC. */
export const ZONES: readonly (string | null)[] = [
  null,
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kathmandu',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  'Australia/Lord_Howe',
  'America/Havana',
  'Africa/Cairo',
  'Atlantic/Azores',
]

/** Moments around which clocks are put forward or back in one of the zones, or a day, month or leap year ends. */
export const NOWS: readonly string[] = [
  '2026-03-29T00:59:59.999Z',
  '2026-10-25T01:30:00.000Z',
  '2026-11-01T04:30:00.000Z',
  '2026-03-08T05:00:00.000Z',
  '2026-04-23T22:00:00.000Z',
  '2028-02-29T12:00:00.000Z',
  '2026-12-31T23:59:59.999Z',
]
