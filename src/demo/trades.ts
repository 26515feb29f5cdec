/** A line of business: its word in company names and domains, and the industry that it belongs to. */
export interface Trade {
  readonly word: string
  readonly latin: string
  readonly industry: string
}

const INDUSTRY_TRADES: Record<string, string> = {
  Software: 'Software Systems Data Cloudworks',
  Consulting: 'Consulting Advisory',
  Manufacturing: 'Manufacturing Machinery Tools',
  Retail: 'Retail Stores Markets',
  Logistics: 'Logistics Freight Shipping',
  Construction: 'Construction Builders',
  Healthcare: 'Health Clinics Care',
  'Financial Services': 'Capital Finance Insurance',
  Energy: 'Energy Solar Power',
  'Food and Beverage': 'Foods Bakery Coffee',
  Automotive: 'Motors Automotive',
  Education: 'Academy Learning',
  Media: 'Media Studios Press',
  'Real Estate': 'Properties Estates',
  Telecommunications: 'Telecom Networks',
  Pharmaceuticals: 'Pharma Labs',
  Agriculture: 'Farms Seeds',
  Hospitality: 'Hotels Travel',
  'Legal Services': 'Legal',
  Chemicals: 'Chemicals Coatings',
}

/** The tenant's industries, the most frequent first. */
export const INDUSTRIES: readonly string[] = Object.keys(INDUSTRY_TRADES)

/** All trades. */
export const TRADES: readonly Trade[] = Object.entries(INDUSTRY_TRADES).flatMap(([industry, words]) =>
  words.split(' ').map((word) => ({ word, latin: word.toLowerCase(), industry })),
)

/** The tenant's company sizes with their share of all companies. */
export const SIZES = [
  { name: '1-10', min: 1, max: 10, share: 42 },
  { name: '11-50', min: 11, max: 50, share: 27 },
  { name: '51-200', min: 51, max: 200, share: 15 },
  { name: '201-500', min: 201, max: 500, share: 8 },
  { name: '501-1,000', min: 501, max: 1000, share: 4 },
  { name: '1,001-5,000', min: 1001, max: 5000, share: 3 },
  { name: 'over 5,000', min: 5001, max: null, share: 1 },
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
