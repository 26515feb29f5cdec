import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Principal } from '../../src/lib/principal.js'
import { otherWritings } from '../../src/search/writings.js'
import { openDesk, openTenant, type Desk } from '../support/desk.js'

describe('other writings of a word', () => {
  const likely = (text: string, isWhole = false) => ({ text, isWhole })
  const cases: [string, readonly string[], readonly object[]][] = [
    ['Smith', [], []],
    ['Müller', ['Mueller'], []],
    ['ÄÖÜäöü', ['AeOeUeaeoeue'], []],
    ['Mueller', [], [likely('Muller')]],
    ['Neuhaeuser', [], [likely('Neuhauser')]],
    ['Uebermoerderaeh', [], [likely('Ubermorderah')]],
    ['Oezil', [], [likely('Ozil')]],
    ['Joel', [], [likely('Jol', true)]],
    ['Zoe', [], []],
    ['Michael', [], []],
    ['Michaela', [], []],
    ['Michaels', [], []],
    ['Raffaella', [], []],
    ['Samuel', [], []],
    ['Manuela', [], []],
    ['Bauer', [], []],
    ['Neuer', [], []],
    ['Jacques', [], []],
    ['さくら', ['サクラ'], []],
    ['サクラ', ['さくら'], []],
    ['ｻｸﾗ', ['さくら'], []],
    ['田中さくら', ['田中サクラ'], []],
    ['ラーメン', ['らーめん'], []],
    ['佐々木', [], []],
  ]

  test.each(cases)('%s: %j, likely %j', (word, same, guesses) => {
    expect(otherWritings(word)).toEqual({ same, likely: guesses })
  })
})

describe('a search by one writing finds the other', () => {
  let desk: Desk
  let admin: Principal

  const CONTACTS = [
    { firstName: 'Jörg', lastName: 'Müller' },
    { firstName: 'Joerg', lastName: 'Mueller' },
    { firstName: 'Jean', lastName: 'Muller' },
    { firstName: 'Bärbel', lastName: 'Neuhäuser' },
    { firstName: 'Anna', lastName: 'Weiß' },
    { firstName: 'Berta', lastName: 'Weiss' },
    { firstName: 'Michael', lastName: 'Bauer' },
    { firstName: 'Michal', lastName: 'Bauro' },
    { firstName: 'Joel', lastName: 'Nolte' },
    { firstName: 'Jolanda', lastName: 'Nol' },
    { firstName: 'さくら', lastName: '田中' },
    { firstName: 'サクラ', lastName: '鈴木' },
    { firstName: 'はな', lastName: '山本' },
  ]

  beforeAll(async () => {
    desk = await openDesk()
    ;({ admin } = await openTenant(desk))
    let time = Date.parse('2026-01-01T00:00:00Z')
    for (const input of CONTACTS) await desk.mutate(admin, 'createContact', input, '', new Date((time += 1000)))
    await desk.mutate(admin, 'createCompany', { name: 'Bierhäusle GmbH' }, '', new Date(time))
  })

  afterAll(() => desk.close())

  const SEARCH = `query ($query: String!) { search(query: $query) {
    nodes { record { ... on Contact { fullName } ... on Company { name } } matches { field text } } } }`

  const cases: [string, string[]][] = [
    ['Joerg Mueller', ['Joerg Mueller', 'Jörg Müller']],
    ['Jörg Müller', ['Joerg Mueller', 'Jörg Müller']],
    ['jorg muller', ['Jörg Müller']],
    ['mueller', ['Joerg Mueller', 'Jean Muller', 'Jörg Müller']],
    ['müller', ['Jean Muller', 'Joerg Mueller', 'Jörg Müller']],
    ['haeus', ['Bierhäusle GmbH', 'Bärbel Neuhäuser']],
    ['häus', ['Bierhäusle GmbH', 'Bärbel Neuhäuser']],
    ['Baerbel', ['Bärbel Neuhäuser']],
    ['weiss', ['Berta Weiss', 'Anna Weiß']],
    ['weiß', ['Berta Weiss', 'Anna Weiß']],
    ['michael', ['Michael Bauer']],
    ['bauer', ['Michael Bauer']],
    ['noel', ['Jolanda Nol']],
    ['joel', ['Joel Nolte']],
    ['さくら', ['サクラ 鈴木', 'さくら 田中']],
    ['サクラ', ['サクラ 鈴木', 'さくら 田中']],
    ['ｻｸﾗ', ['サクラ 鈴木', 'さくら 田中']],
    ['田中サクラ', ['さくら 田中']],
    ['ハナ', ['はな 山本']],
  ]

  test.each(cases)('%s: %j', async (query, names) => {
    const { search } = await desk.ask(admin, SEARCH, { query })
    const nodes: { record: { fullName?: string; name?: string }; matches: object[] }[] = search.nodes
    const found = nodes.map(({ record }) => record.fullName ?? record.name)
    expect(found).toEqual(names)
    expect(nodes.map(({ matches }) => matches)).toEqual(found.map((text) => [{ field: 'NAME', text }]))
  })

  test('a list has the same, and counts them', async () => {
    const text = '{ contacts(search: "Joerg Mueller", orderBy: [{ field: ID }]) { totalCount nodes { fullName } } }'
    const { contacts } = await desk.ask(admin, text)
    expect(contacts).toEqual({ totalCount: 2, nodes: [{ fullName: 'Jörg Müller' }, { fullName: 'Joerg Mueller' }] })
  })
})
