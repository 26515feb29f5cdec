import type { Language } from './country.js'
import { toLatin } from './latin.js'
import { TRADE_WORDS } from './trade-words.js'

/** A word for a line of business as it is written, and in the letters of domains. */
export interface TradeWord {
  readonly text: string
  readonly latin: string
}

// Out of 100 companies; the order is that of the words in trade-words.ts.
const SHARES = {
  Software: 15,
  Retail: 12,
  Manufacturing: 11,
  Consulting: 9,
  Construction: 8,
  Logistics: 7,
  Healthcare: 6,
  'Financial Services': 5,
  'Food and Beverage': 5,
  'Real Estate': 4,
  Hospitality: 3,
  Education: 3,
  Media: 3,
  Energy: 2,
  Automotive: 2,
  Telecommunications: 1,
  Agriculture: 1,
  Pharmaceuticals: 1,
  'Legal Services': 1,
  Chemicals: 1,
}

/** The tenant's industries, the most frequent first. */
export const INDUSTRIES: readonly string[] = Object.keys(SHARES)

/** One place for each of 100 companies: its industry, and how many of the same stand before it. */
export const INDUSTRY_CYCLE = Object.entries(SHARES).flatMap(([industry, share]) =>
  Array.from({ length: share }, (_, rank) => ({ industry, share, rank })),
)

const words = new Map<string, readonly TradeWord[][]>()

/** The words for an industry in a language. */
export function tradeWords(language: Language, industry: string): readonly TradeWord[] {
  const known = words.get(language) ?? TRADE_WORDS[language].split(' ').map((entry) => entry.split('|').map(tradeWord))
  words.set(language, known)
  return known[INDUSTRIES.indexOf(industry)] ?? []
}

function tradeWord(entry: string): TradeWord {
  const [text = '', latin = toLatin(text)] = entry.replaceAll('_', ' ').split('/')
  return { text, latin }
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

/** Job titles with the department that has them. */
export const JOBS: readonly (readonly [title: string, department: string])[] = [
  ['Chief Executive Officer', 'Management'],
  ['Managing Director', 'Management'],
  ['Chief Financial Officer', 'Finance'],
  ['Head of Sales', 'Sales'],
  ['Account Executive', 'Sales'],
  ['Sales Development Representative', 'Sales'],
  ['Key Account Manager', 'Sales'],
  ['Marketing Manager', 'Marketing'],
  ['Content Strategist', 'Marketing'],
  ['Head of Marketing', 'Marketing'],
  ['Software Engineer', 'Engineering'],
  ['Engineering Manager', 'Engineering'],
  ['Data Analyst', 'Engineering'],
  ['IT Administrator', 'IT'],
  ['Head of IT', 'IT'],
  ['Procurement Manager', 'Procurement'],
  ['Buyer', 'Procurement'],
  ['Operations Manager', 'Operations'],
  ['Plant Manager', 'Operations'],
  ['Logistics Coordinator', 'Operations'],
  ['HR Business Partner', 'Human Resources'],
  ['Recruiter', 'Human Resources'],
  ['Controller', 'Finance'],
  ['Accountant', 'Finance'],
  ['Legal Counsel', 'Legal'],
  ['Customer Success Manager', 'Customer Success'],
  ['Support Specialist', 'Customer Success'],
  ['Product Manager', 'Product'],
  ['Product Designer', 'Product'],
  ['Office Manager', 'Administration'],
]
