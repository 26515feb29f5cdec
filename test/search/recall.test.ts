import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Principal } from '../../src/lib/principal.js'
import { openDesk, openTenant, type Desk } from '../support/desk.js'

type Name = readonly [first: string, middle: string | null, last: string]

// Misspelt as people misspell: a letter left out, doubled, replaced, swapped; heard and not read.
const MISSPELT: readonly (readonly [query: string, ...name: Name])[] = [
  ['Karl Obermuler', 'Karl', 'Friedrich Wilhelm', 'Obermüller'],
  ['Henry Steaagall', 'Henry', 'Bascom', 'Steagall'],
  ['Benjamin Hoepkins', 'Benjamin', 'Franklin', 'Hopkins'],
  ['Margaret Tatcher', 'Margaret', 'Hilda', 'Thatcher'],
  ['Rebecca Johanson', 'Rebecca', 'Louise', 'Johansson'],
  ['Theodore Rosevelt', 'Theodore', 'Jonathan', 'Roosevelt'],
  ['Katherine Mcintire', 'Katherine', 'Elisabeth', 'McIntyre'],
  ['Nancy Pelossi', 'Nancy', 'Patricia', 'Pelosi'],
  ['Wolfgang Schaubel', 'Wolfgang', 'August', 'Schäuble'],
  ['Gwendolyn Broks', 'Gwendolyn', 'Elizabeth', 'Brooks'],
  ['Patrick Moynihen', 'Patrick', 'Daniel', 'Moynihan'],
  ['John Smyth', 'John', 'Quincy', 'Smith'],
  ['Agnes Kowalsky', 'Agnes', 'Maria', 'Kowalski'],
  ['Shirley Chisolm', 'Shirley', 'Anita', 'Chisholm'],
  ['Dianne Feinstien', 'Dianne', null, 'Feinstein'],
  ['Barack Obana', 'Barack', null, 'Obama'],
  ['Susan Colins', 'Susan', null, 'Collins'],
  ['Chuck Schummer', 'Chuck', null, 'Schumer'],
  ['Mitch Mcconel', 'Mitch', null, 'McConnell'],
  ['Olympia Snove', 'Olympia', null, 'Snowe'],
  ['Bernie Sannders', 'Bernie', null, 'Sanders'],
  ['Tammy Duckwort', 'Tammy', null, 'Duckworth'],
  ['Cynthia Lumis', 'Cynthia', null, 'Lummis'],
  ['Amy Klobuschar', 'Amy', null, 'Klobuchar'],
  ['Sheldon Whitehosue', 'Sheldon', null, 'Whitehouse'],
  ['Lindsay Grahm', 'Lindsay', null, 'Graham'],
  ['Thom Tilis', 'Thom', null, 'Tillis'],
]

// Each has a word, or a start of words, of what must not find them.
const OTHERS: readonly Name[] = [
  ['Peter', 'Quincy', 'Obermann'],
  ['Karla', 'Maria', 'Oberholzer'],
  ['Henriette', null, 'Stegmann'],
  ['Franz', 'Josef', 'Hopfner'],
  ['Benjamin', 'Karl', 'Wilson'],
  ['Wilhelm', 'Friedrich', 'Kaiser'],
  ['Johanna', 'Louise', 'Smolen'],
  ['Theodor', null, 'Rosenberg'],
  ['Margarete', 'Hilda', 'Teichmann'],
]

const NOT_FOUND: readonly (readonly [query: string, because: string])[] = [
  ['Karl Zimmermann', 'a right first name alone is not enough'],
  ['Friedrich Obradovic', 'nor is it with the start of a last name'],
  ['Benjamin Franklyn Jefferson', 'nor are two names of three'],
  ['Theodore Tatcher', 'each name is of another person'],
  ['Kevin Obermuler', 'a misspelt last name alone is not enough'],
  ['Agnes Kowalsky Warszawa', 'nor are both names beside a word that nothing is like'],
  ['Henry Thatched', 'each name is of another person, and the last one misspelt'],
  ['Dr. Zimmermann', 'a title is no name'],
  ['Wilhelmina Steinbach', 'the same start is no likeness'],
]

const SEARCH = `query ($query: String!) {
  search(query: $query, first: 50) {
    nodes { record { ... on Contact { fullName } } matches { field text } }
  }
}`

let desk: Desk
let admin: Principal

const fullName = ([first, middle, last]: Name): string => [first, middle, last].filter((part) => part).join(' ')

beforeAll(async () => {
  desk = await openDesk()
  ;({ admin } = await openTenant(desk))
  for (const [firstName, middleName, lastName] of [
    ...MISSPELT.map(([, ...name]) => name as unknown as Name),
    ...OTHERS,
  ]) {
    await desk.mutate(admin, 'createContact', { firstName, middleName, lastName })
  }
})

afterAll(() => desk.close())

async function found(query: string): Promise<{ record: { fullName: string }; matches: object[] }[]> {
  return (await desk.ask(admin, SEARCH, { query })).search.nodes
}

describe('a misspelt name finds the one that is meant, and nobody else', () => {
  test.each(MISSPELT.map(([query, ...name]) => [query, fullName(name)]))('%s: %s', async (query, name) => {
    expect(await found(query)).toEqual([{ record: { fullName: name }, matches: [{ field: 'NAME', text: name }] }])
  })
})

const TITLED: readonly (readonly [query: string, ...name: Name])[] = [
  ['Mr. Benjamin Hopkins', 'Benjamin', 'Franklin', 'Hopkins'],
  ['Mr Benjamin Hoepkins', 'Benjamin', 'Franklin', 'Hopkins'],
  ['Herr Dr. Karl Obermüller', 'Karl', 'Friedrich Wilhelm', 'Obermüller'],
  ['Prof. Obermuller', 'Karl', 'Friedrich Wilhelm', 'Obermüller'],
  ['Frau Agnes Kowalski', 'Agnes', 'Maria', 'Kowalski'],
  ['Mme Dianne Feinstein', 'Dianne', null, 'Feinstein'],
  ['Ms. Nancy Pelossi', 'Nancy', 'Patricia', 'Pelosi'],
]

describe('a name behind a title finds the one without', () => {
  test.each(TITLED.map(([query, ...name]) => [query, fullName(name)]))('%s: %s', async (query, name) => {
    expect(await found(query)).toEqual([{ record: { fullName: name }, matches: [{ field: 'NAME', text: name }] }])
  })
})

test('an address that has only the misspelt one of two words is a match too, and one that has neither is not', async () => {
  const emailAddresses = ['obermueller@karl-o.example', 'fwo@karl-o.example'].map((email) => ({ type: 'WORK', email }))
  const name = { firstName: 'Maximilian', middleName: 'Lutz', lastName: 'Obermueller' }
  const { contact } = await desk.mutate(admin, 'createContact', { ...name, emailAddresses }, 'contact { id }')
  expect(await found('Maximillian Obermuler')).toEqual([
    {
      record: { fullName: 'Maximilian Lutz Obermueller' },
      matches: [
        { field: 'NAME', text: 'Maximilian Lutz Obermueller' },
        { field: 'EMAIL', text: 'obermueller@karl-o.example' },
      ],
    },
  ])
  await desk.mutate(admin, 'destroyContact', { id: contact.id })
})

describe('what is like nobody finds nobody', () => {
  test.each(NOT_FOUND)('%s: %s', async (query) => {
    expect((await found(query)).map(({ record }) => record.fullName)).toEqual([])
  })
})
