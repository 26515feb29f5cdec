import { parseNames, type Name } from './latin.js'
import { TRADE_WORDS } from './trade-words.js'

// Out of 100 companies; the order is that of the words in trade-words.ts.
const BY_SHARE: readonly (readonly [share: number, industries: string])[] = [
  [15, 'Software'],
  [12, 'Retail'],
  [11, 'Manufacturing'],
  [9, 'Consulting'],
  [8, 'Construction'],
  [7, 'Logistics'],
  [6, 'Healthcare'],
  [5, 'Financial Services|Food and Beverage'],
  [4, 'Real Estate'],
  [3, 'Hospitality|Education|Media'],
  [2, 'Energy|Automotive'],
  [1, 'Telecommunications|Agriculture|Pharmaceuticals|Legal Services|Chemicals'],
]
const SHARES = BY_SHARE.flatMap(([share, industries]) => industries.split('|').map((industry) => ({ industry, share })))

/** The tenant's industries, the most frequent first. */
export const INDUSTRIES = SHARES.map(({ industry }) => industry)

/** One place for each of 100 companies: its industry, and how many of the same stand before it. */
export const INDUSTRY_CYCLE = SHARES.flatMap(({ industry, share }) =>
  Array.from({ length: share }, (_, rank) => ({ industry, share, rank })),
)

const words = new Map<string, readonly Name[][]>()

/** What companies of an industry call themselves in a language. */
export function tradeWords(language: string, industry: string): readonly Name[] {
  const known = words.get(language) ?? TRADE_WORDS[language]?.split(' ').map((entry) => parseNames(entry, '|')) ?? []
  words.set(language, known)
  return known[INDUSTRIES.indexOf(industry)] ?? []
}

/** The tenant's company sizes with their share of all companies. */
export const SIZES = [
  { name: '1-10', min: 1, max: 10, share: 42 },
  { name: '11-50', min: 11, max: 50, share: 27 },
  { name: '51-200', min: 51, max: 200, share: 15 },
  { name: '201-500', min: 201, max: 500, share: 8 },
  { name: '501-1,000', min: 501, max: 1000, share: 4 },
  { name: '1,001-5,000', min: 1001, max: 5000, share: 3 },
  { name: '5,000+', min: 5001, max: null, share: 1 },
] as const

const TITLES = {
  Management: 'Chief Executive Officer|Managing Director|Office Manager',
  Finance: 'Chief Financial Officer|Controller|Accountant',
  Sales: 'Head of Sales|Account Executive|Sales Development Representative|Key Account Manager',
  Marketing: 'Head of Marketing|Marketing Manager|Content Strategist',
  Engineering: 'Engineering Manager|Software Engineer|Data Analyst|Product Designer',
  IT: 'Head of IT|IT Administrator',
  Operations: 'Operations Manager|Plant Manager|Logistics Coordinator|Procurement Manager|Buyer',
  'Human Resources': 'HR Business Partner|Recruiter',
  Legal: 'Legal Counsel',
  'Customer Success': 'Customer Success Manager|Support Specialist',
}

/** Job titles with the department that has them. */
export const JOBS = Object.entries(TITLES).flatMap(([department, titles]) =>
  titles.split('|').map((title) => ({ title, department })),
)
