import { randomUUID } from 'node:crypto'

const NULL = 'null says nothing here: leave it out, or ask for `isNull`.'
/** Whole numbers from 0 on. */
export const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index)
const empties = (count: number): object[] => numbers(count).map(() => ({}))
/** A filter of so many levels. */
export const nested = (levels: number): object => (levels === 1 ? {} : { not: nested(levels - 1) })
const date = (text: string): string => `“${text}” is not a date: write it YYYY-MM-DD, as 2024-02-29.`
const time = (text: string): string =>
  `“${text}” is not a time of RFC 3339: write date, time and offset, as 2024-02-29T12:30:00Z or 2024-02-29T12:30:00+01:00.`
const country = (text: string): string =>
  `“${text}” is not a country code of ISO 3166 with two letters, such as DE or US.`
const DECIMAL = 'This is not a decimal number: write it as 1250000.50.'
const DAYS = 'Days must be between -36500 and 36500.'
/** What has the form of a cursor. */
export const CURSOR_FORM = 'A'.repeat(60)
export const TOO_MANY = 'At most 250 values may be given, not 251.'
const company = (filter: object): object => ({ filter: { company: filter } })
const phone = (number: object): object => ({ filter: { phoneNumbers: { some: { number } } } })
const bothSides = (one: string, other: string): string =>
  `\`${one}\` and \`${other}\` don't go together: a page is read from one side.`

/** Arguments of contacts that are refused: the place below the list, and what is said. */
export const REFUSED: [object, string, string][] = [
  [{ first: 201 }, 'first', 'first must be between 0 and 200, not 201.'],
  [{ first: -1 }, 'first', 'first must be between 0 and 200, not -1.'],
  [{ last: 201 }, 'last', 'last must be between 0 and 200, not 201.'],
  [{ last: -1 }, 'last', 'last must be between 0 and 200, not -1.'],
  [{ offset: 10_001 }, 'offset', 'offset must be between 0 and 10000, not 10001.'],
  [{ offset: -1 }, 'offset', 'offset must be between 0 and 10000, not -1.'],
  [{ first: 1, last: 1 }, 'last', bothSides('first', 'last')],
  [{ first: 1, before: CURSOR_FORM }, 'before', bothSides('first', 'before')],
  [{ after: CURSOR_FORM, last: 1 }, 'last', bothSides('after', 'last')],
  [{ after: CURSOR_FORM, before: CURSOR_FORM }, 'before', bothSides('after', 'before')],
  [{ last: 1, offset: 0 }, 'offset', bothSides('last', 'offset')],
  [{ before: CURSOR_FORM, offset: 0 }, 'offset', bothSides('before', 'offset')],
  [{ after: CURSOR_FORM, offset: 0 }, 'offset', "`after` and `offset` don't go together: a page begins at one place."],
  [{ search: 'a'.repeat(501) }, 'search', 'search has at most 500 characters.'],
  [{ search: '👩'.repeat(501) }, 'search', 'search has at most 500 characters.'],
  [{ search: 'a\0b' }, 'search', 'A text must not contain NUL characters.'],
  [{ search: '\ud800' }, 'search', 'A text must be well-formed Unicode: it has half a surrogate pair.'],
  [
    { orderBy: ['ID', 'VERSION', 'FULL_NAME', 'FIRST_NAME', 'LAST_NAME', 'JOB_TITLE'].map((field) => ({ field })) },
    'orderBy',
    'An order has at most 5 steps.',
  ],
  [
    { orderBy: [{ field: 'VERSION' }, { field: 'VERSION', direction: 'DESC' }] },
    'orderBy.1.field',
    'The order has VERSION twice.',
  ],
  [{ filter: { version: { in: numbers(251) } } }, 'filter.version.in', TOO_MANY],
  [{ filter: { firstName: { notIn: numbers(251).map(String) } } }, 'filter.firstName.notIn', TOO_MANY],
  [company({ name: { in: numbers(251).map(String) } }), 'filter.company.name.in', TOO_MANY],
  [{ filter: { or: empties(251) } }, 'filter.or', TOO_MANY],
  [{ filter: { and: [{ and: empties(250) }] } }, 'filter.and.0.and.248', 'A filter has at most 250 parts.'],
  [
    { filter: { or: numbers(51).map((eq) => ({ version: { eq } })) } },
    'filter.or.50.version.eq',
    'A filter has at most 50 operators.',
  ],
  [{ filter: nested(6) }, 'filter.not.not.not.not.not', 'A filter is at most 5 levels deep.'],
  [
    { filter: { and: [{ or: [{ company: { contacts: { none: { not: {} } } } }] }] } },
    'filter.and.0.or.0.company.contacts.none.not',
    'A filter is at most 5 levels deep.',
  ],
  [
    company({ contacts: { some: { company: {} } } }),
    'filter.company.contacts.some.company',
    'A filter follows at most 2 relations.',
  ],
  [
    company({ contacts: { every: { owner: {} } } }),
    'filter.company.contacts.every.owner',
    'A filter follows at most 2 relations.',
  ],
  [{ filter: { firstName: null } }, 'filter.firstName', NULL],
  [{ filter: { firstName: { eq: null } } }, 'filter.firstName.eq', NULL],
  [{ filter: { firstName: { in: null } } }, 'filter.firstName.in', NULL],
  [{ filter: { version: { between: null } } }, 'filter.version.between', NULL],
  [{ filter: { and: null } }, 'filter.and', NULL],
  [{ filter: { or: [{ not: null }] } }, 'filter.or.0.not', NULL],
  [company({ industry: null }), 'filter.company.industry', NULL],
  [{ filter: { emailAddresses: null } }, 'filter.emailAddresses', NULL],
  [
    { filter: { emailAddresses: { some: null } } },
    'filter.emailAddresses.some',
    'null says nothing here: leave it out, or give `{}` for any.',
  ],
  [
    { filter: { birthDate: { eq: '2026-02-30' } } },
    'filter.birthDate.eq',
    '“2026-02-30” is not a day of the calendar in the years 0001 to 9999.',
  ],
  [{ filter: { birthDate: { in: ['2026-02-28', '1.2.2026'] } } }, 'filter.birthDate.in.1', date('1.2.2026')],
  [
    { filter: { birthDate: { between: { from: '2026-02-28', to: 'today' } } } },
    'filter.birthDate.between.to',
    date('today'),
  ],
  [{ filter: { createdAt: { gt: '2026-02-28' } } }, 'filter.createdAt.gt', time('2026-02-28')],
  [{ filter: { createdAt: { between: { from: 'x', to: 'y' } } } }, 'filter.createdAt.between.from', time('x')],
  [{ filter: { createdAt: { withinDays: 36_501 } } }, 'filter.createdAt.withinDays', DAYS],
  [{ filter: { birthDate: { olderThanDays: -36_501 } } }, 'filter.birthDate.olderThanDays', DAYS],
  [{ filter: { createdAt: { relative: { from: 0, to: 36_501 } } } }, 'filter.createdAt.relative.to', DAYS],
  [{ filter: { birthDate: { relative: { from: -36_501 } } } }, 'filter.birthDate.relative.from', DAYS],
  [
    { filter: { birthDate: { relative: {} } } },
    'filter.birthDate.relative',
    'Give `from`, `to` or both; for any value at all ask for `isNull: false`.',
  ],
  [
    { filter: { createdAt: { relative: { from: null, to: 0 } } } },
    'filter.createdAt.relative.from',
    'null says nothing here: leave it out for a range that is open on this side.',
  ],
  [{ filter: { owner: { isMe: null } } }, 'filter.owner.isMe', NULL],
  [
    { filter: { or: numbers(51).map(() => ({ owner: { isMe: true } })) } },
    'filter.or.50.owner.isMe',
    'A filter has at most 50 operators.',
  ],
  [company({ annualRevenue: { eq: '1,5' } }), 'filter.company.annualRevenue.eq', DECIMAL],
  [company({ annualRevenue: { lt: 'NaN' } }), 'filter.company.annualRevenue.lt', DECIMAL],
  [company({ annualRevenue: { notIn: ['1', '1e3'] } }), 'filter.company.annualRevenue.notIn.1', DECIMAL],
  [
    company({ annualRevenueCurrency: { eq: 'EURO' } }),
    'filter.company.annualRevenueCurrency.eq',
    '“EURO” is not a currency code of ISO 4217 with three letters, such as EUR or USD.',
  ],
  [{ filter: { addresses: { some: { country: { eq: 'UK' } } } } }, 'filter.addresses.some.country.eq', country('UK')],
  [
    { filter: { addresses: { none: { country: { in: ['DE', 'ß'] } } } } },
    'filter.addresses.none.country.in.1',
    country('ß'),
  ],
  [
    phone({ eq: '12' }),
    'filter.phoneNumbers.some.number.eq',
    '“12” is not a phone number of US: write a foreign one with + and the country code.',
  ],
  [
    phone({ in: ['+1 212 555 0199', '+49 x'] }),
    'filter.phoneNumbers.some.number.in.1',
    '“+49 x” is not a phone number of the country whose code it begins with.',
  ],
  [
    phone({ startsWith: '49' }),
    'filter.phoneNumbers.some.number.startsWith',
    'Write the start of a number as + and 1 to 15 digits.',
  ],
  [
    phone({ endsWith: '55-0199' }),
    'filter.phoneNumbers.some.number.endsWith',
    'Write the end of a number as 1 to 15 digits.',
  ],
  [phone({ endsWith: '' }), 'filter.phoneNumbers.some.number.endsWith', 'Write the end of a number as 1 to 15 digits.'],
  [{ filter: { id: { eq: 'x' } } }, 'filter.id.eq', 'An id is a UUID.'],
  [{ filter: { companyId: { in: [randomUUID(), "' or 1=1 --"] } } }, 'filter.companyId.in.1', 'An id is a UUID.'],
  [
    { filter: { firstName: { contains: 'a\0' } } },
    'filter.firstName.contains',
    'A text must not contain NUL characters.',
  ],
  [company({ name: { in: ['a', '\0'] } }), 'filter.company.name.in.1', 'A text must not contain NUL characters.'],
  [{ filter: { birthDate: { eq: '\0' } } }, 'filter.birthDate.eq', 'A text must not contain NUL characters.'],
  [
    { filter: { notes: { between: { from: 'a', to: '\udc00' } } } },
    'filter.notes.between.to',
    'A text must be well-formed Unicode: it has half a surrogate pair.',
  ],
]
