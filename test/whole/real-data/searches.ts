import { describe, expect, test } from '@jest/globals'
import type { Found } from '../support/http-server.js'
import { readFounded, type readRecords } from './records.js'

type Ask = (query: string, variables?: object) => Promise<Found>

/**
 * A name as one types it who has no accents on the keyboard: what the answers are worked out with, apart from the
 * database.
 */
const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
const digits = (text: string | undefined): string => (text ?? '').replace(/\D/g, '')

/** Searches, filters and orders over the real records, with answers that are worked out from the files. */
export function describeSearches(ask: Ask, { companies, people, offices }: ReturnType<typeof readRecords>): void {
  /** External ids of the contacts that a list has, in its order; 200 at most. */
  const contacts = async (args: string, variables: object = {}): Promise<string[]> => {
    const { contacts: list } = await ask(`{ contacts(first: 200, ${args}) { nodes { externalId } } }`, variables)
    return list.nodes.map((node: Found) => String(node['externalId']))
  }
  const companyNames = async (args: string): Promise<string[]> => {
    const { companies: list } = await ask(`{ companies(first: 200, ${args}) { nodes { name } } }`)
    return list.nodes.map((node: Found) => String(node['name']))
  }
  const idsOf = (rows: readonly Record<string, string>[]): string[] =>
    rows.map((row) => row['bioguide_id'] ?? '').sort()

  describe('searches with known answers', () => {
    const writings = [
      '202-224-3441',
      '(202) 224-3441',
      '+1 202 224 3441',
      '202.224.3441',
      '1-202-224-3441',
      '2022243441',
    ]

    test.each(writings)('a phone number written as %s finds the same person', async (number) => {
      const found = await ask(
        'query($query: String!) { search(query: $query) { isPartial nodes { record { ... on Contact { fullName } } matches { field text } } } }',
        { query: number },
      )
      expect(found['search']).toEqual({
        isPartial: false,
        nodes: [{ record: { fullName: 'Maria Cantwell' }, matches: [{ field: 'PHONE', text: '202-224-3441' }] }],
      })
      expect(await contacts(`filter: { phoneNumbers: { some: { number: { eq: "${number}" } } } }`)).toEqual(['C000127'])
    })

    test('four last digits find everybody whose number ends in them', async () => {
      const ending = new Set([
        ...people.filter((row) => digits(row['phone']).endsWith('3441')).map((row) => row['bioguide_id']),
        ...offices
          .filter((row) => digits(row['phone']).endsWith('3441') || digits(row['fax']).endsWith('3441'))
          .map((row) => row['bioguide']),
      ])
      expect(ending.has('C000127')).toBe(true)
      expect((await contacts('filter: { phoneNumbers: { some: { number: { endsWith: "3441" } } } }')).sort()).toEqual(
        [...ending].sort(),
      )
      expect((await contacts('search: "3441", orderBy: [{ field: ID }]')).sort()).toEqual(
        expect.arrayContaining([...ending]),
      )
    })

    test.each(['velazquez', 'lujan', 'sanchez', 'barragan', 'garcia', 'monica', 'jesus', 'jose'])(
      'names with accents are found without them: %s',
      async (word) => {
        const named = people.filter((row) =>
          plain(`${row['first_name'] ?? ''} ${row['middle_name'] ?? ''} ${row['last_name'] ?? ''}`).includes(word),
        )
        expect(named.length).toBeGreaterThan(0)
        expect((await contacts(`search: "${word}", orderBy: [{ field: LAST_NAME }]`)).sort()).toEqual(idsOf(named))
        expect((await contacts(`filter: { fullName: { contains: "${word}" } }`)).sort()).toEqual(idsOf(named))
      },
    )

    test('words in any order, beginnings of words, and a slip of the finger', async () => {
      expect((await contacts('search: "cantwell maria"'))[0]).toBe('C000127')
      expect((await contacts('search: "cantw mar"'))[0]).toBe('C000127')
      expect((await contacts('search: "cantwlel"'))[0]).toBe('C000127')
      expect(await companyNames('search: "estee lauder"')).toEqual(['Estée Lauder Companies (The)'])
      expect(await companyNames('search: "oreilly"')).toEqual(['O’Reilly Automotive'])
      expect((await companyNames('search: "brown forman"'))[0]).toBe('Brown–Forman')
      expect((await companyNames('search: "microsfot"'))[0]).toBe('Microsoft')
    })

    test('filters through relations and contact info count what the files have', async () => {
      const senators = people.filter((row) => row['type'] === 'sen').length
      const technology = companies.filter((row) => row['GICS Sector'] === 'Information Technology').length
      const inAlaska = new Set(offices.filter((row) => row['state'] === 'AK').map((row) => row['bioguide']))
      const answer = await ask(`{
        senators: contacts(filter: { jobTitle: { eq: "SENATOR" } }) { totalCount totalCountIsExact }
        technology: companies(filter: { industry: { name: { matches: "tech inf" } } }) { totalCount }
        alaska: contacts(filter: { addresses: { some: { region: { eq: "ak" } } } }) { totalCount }
      }`)
      expect(answer).toEqual({
        senators: { totalCount: senators, totalCountIsExact: true },
        technology: { totalCount: technology },
        alaska: { totalCount: inAlaska.size },
      })
    })

    test('orders over what has gaps and ties', async () => {
      const old = people.filter((row) => (row['birthday'] ?? '') < '1950-01-01')
      const byBirth = [...old].sort((a, b) => ((a['birthday'] ?? '') < (b['birthday'] ?? '') ? -1 : 1))
      expect(new Set(old.map((row) => row['birthday'])).size).toBe(old.length)
      const filter = 'filter: { birthDate: { lt: "1950-01-01" } }'
      expect(await contacts(`${filter}, orderBy: [{ field: BIRTH_DATE }]`)).toEqual(
        byBirth.map((row) => row['bioguide_id']),
      )
      const before1900 = companies.map((row) => readFounded(row['Founded'] ?? '').year).filter((year) => year < 1900)
      const { companies: list } = await ask(
        `{ companies(first: 200, filter: { foundedYear: { lt: 1900 } }, orderBy: [{ field: FOUNDED_YEAR, direction: DESC }]) { nodes { foundedYear } } }`,
      )
      expect(list.nodes.map((node: Found) => Number(node['foundedYear']))).toEqual(before1900.sort((a, b) => b - a))
    })
  })
}
