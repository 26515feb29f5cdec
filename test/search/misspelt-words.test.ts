import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { minSimilarity, misspeltWords, swappedWords, wordsApart } from '../../src/search/misspelt-words.js'
import { parseSearch } from '../../src/search/terms.js'
import { openDesk, type Desk } from '../support/desk.js'

describe('what may be misspelt', () => {
  const cases: [string, string | null][] = [
    ['jonh smith', 'jonh smith'],
    ['anna.schmitd', 'anna schmitd'],
    ['jo', null],
    ['ann', null],
    ['jo li', 'jo li'],
    ['smith anna@example.com', null],
    ['smith 3441', null],
    ['', null],
    ['Mr. Michael Mayer', 'Michael Mayer'],
    ['Frau Prof. Dr. Anna Schmitd', 'Anna Schmitd'],
    ['Dr.Schmitd', 'Schmitd'],
    ['Mme. LEFEBRE', 'LEFEBRE'],
    ['Anna Herr', 'Anna Herr'],
    ['Herr Frau', 'Herr Frau'],
    ['Mr. Li', 'Mr Li'],
    ['Frau Li', 'Frau Li'],
  ]

  test.each(cases)('%j: %j', (text, words) => {
    expect(misspeltWords(parseSearch(text, 'US'))).toBe(words)
  })
})

test('two neighbouring letters that changed places, in words of four letters and more', () => {
  expect(swappedWords('anna jonh ann')).toEqual([['anna', 'nana', 'anan'], ['jonh', 'ojnh', 'jnoh', 'john'], ['ann']])
})

test('words on their own: what each weighs, and how alike it must be', () => {
  const rounded = (words: string) =>
    wordsApart(words).map(({ least, ...word }) => ({ ...word, least: least && Math.round(least * 100) / 100 }))
  expect(rounded('ann jonh smyth elinro mihcael margxret obermuler')).toEqual([
    { text: 'ann', weight: 4, least: null },
    { text: 'jonh', weight: 5, least: 0.4 },
    { text: 'smyth', weight: 6, least: 0.32 },
    { text: 'elinro', weight: 7, least: 0.39 },
    { text: 'mihcael', weight: 8, least: 0.44 },
    { text: 'margxret', weight: 9, least: 0.49 },
    { text: 'obermuler', weight: 10, least: 0.5 },
  ])
  expect([rounded('obermuler'), rounded('jo li ann')]).toEqual([[], []])
})

describe('how alike words must be', () => {
  let desk: Desk

  beforeAll(async () => {
    desk = await openDesk()
  })

  afterAll(() => desk.close())

  const cases: [string, string, number, number][] = [
    ['smyth', 'smith', 0.333, 0.45],
    ['kowalsky', 'kowalski', 0.778, 0.49],
    ['margxret', 'margaret', 0.5, 0.49],
    ['schneidxr', 'schneider', 0.7, 0.5],
    ['smith john', 'peter smith', 0.545, 0.6],
    ['john smyth', 'john smith', 0.636, 0.6],
    ['benrard', 'bernard', 0.333, 0.45],
  ]

  test.each(cases)('%s and %s are so by %d, and must be so by %d', async (words, text, similarity, least) => {
    const [row] = await desk.sql('select word_similarity($1, $2) as similarity', [words, ` ${text} `])
    expect(Number(row?.['similarity'])).toBeCloseTo(similarity, 3)
    expect(minSimilarity(words)).toBeCloseTo(least, 10)
  })
})
