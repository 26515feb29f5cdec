import { describe, expect, jest, test } from '@jest/globals'
import { checkLine, checkText, countCodePoints } from '../../../src/lib/value/text.js'

const accepted = (value: unknown) => ({ ok: true, value })
const refused = (problem: string) => ({ ok: false, problem })
const NAME = { maxLength: 255 }
const NOTES = { maxLength: 65_536, multiline: true }

describe('checkText', () => {
  test.each([
    ['plain', 'Ada Lovelace', 'Ada Lovelace'],
    ['outer white space', ' \t\n\u00a0\u3000Ada\u2003\r\n\ufeff', 'Ada'],
    ['inner white space stays', 'Ada  King', 'Ada  King'],
    ['decomposed', 'Ame\u0301lie', 'Am\u00e9lie'],
    ['Hangul jamo', '\u1112\u1161\u11ab', '\ud55c'],
    ['no compatibility folding', '\uff21\ufb01', '\uff21\ufb01'],
    ['a family of joined emoji', '\u{1f469}\u200d\u{1f469}\u200d\u{1f467}', '\u{1f469}\u200d\u{1f469}\u200d\u{1f467}'],
    ['a conjunct of Sinhala', '\u0dc1\u0dca\u200d\u0dbb\u0dd3', '\u0dc1\u0dca\u200d\u0dbb\u0dd3'],
    [
      'a Persian non-joiner',
      '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645',
      '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645',
    ],
    ['a mark of direction', '\u05d3\u05d5\u05d3\u200e', '\u05d3\u05d5\u05d3'],
    ['SQL and markup are text', `Robert'); DROP TABLE contacts;-- <b>%_\\`, `Robert'); DROP TABLE contacts;-- <b>%_\\`],
    ['empty', '', null],
    ['white space only', ' \n\t ', null],
    ['only what is drawn as nothing', '\u200b\u3164\u2060', null],
  ])('%s', (_, value, expected) => {
    expect(checkText(value, NAME)).toEqual(accepted(expected))
  })

  test.each([
    ['Ada\u0000', 'The text holds the control character U+0000 at position 4.'],
    ['\u0007Ada', 'The text holds the control character U+0007 at position 1.'],
    ['Ada\u007f', 'The text holds the control character U+007F at position 4.'],
    ['Ada\u0092s', 'The text holds the control character U+0092 at position 4.'],
    ['Ada\tKing', 'The text holds the control character U+0009 at position 4.'],
    ['  Ada\nKing', 'The text holds a line break (U+000A), which a single line may not have, at position 6.'],
    ['Ada\u2028King', 'The text holds a line break (U+2028), which a single line may not have, at position 4.'],
    ['\u{1f600}\ud800', 'The text holds half of a surrogate pair (U+D800), which is no character, at position 2.'],
    ['\udc00', 'The text holds half of a surrogate pair (U+DC00), which is no character, at position 1.'],
    ['Ada\u202egnp', 'The text holds U+202E, which turns the direction of writing, at position 4.'],
    ['\u2066Ada', 'The text holds U+2066, which turns the direction of writing, at position 1.'],
  ])('refuses %j', (value, problem) => {
    expect(checkText(value, NAME)).toEqual(refused(problem))
  })

  test.each(['\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069'])(
    'a single line refuses %j, several lines keep it',
    (control) => {
      expect(checkText(`a${control}b`, NAME).ok).toBe(false)
      expect(checkText(`a${control}b`, NOTES)).toEqual(accepted(`a${control}b`))
    },
  )

  test('several lines keep tabs and get one kind of line break', () => {
    expect(checkText('\r\none\r\n\ttwo\rthree\n\nfour\n', NOTES)).toEqual(accepted('one\n\ttwo\nthree\n\nfour'))
    expect(checkText('one\u000btwo', NOTES)).toEqual(
      refused('The text holds the control character U+000B at position 4.'),
    )
    expect(checkText('one\u0000', NOTES)).toEqual(refused('The text holds the control character U+0000 at position 4.'))
  })

  test('counts code points after normalization and trimming', () => {
    expect(checkText('\u{1f600}'.repeat(255), NAME)).toEqual(accepted('\u{1f600}'.repeat(255)))
    expect(checkText('e\u0301'.repeat(255), NAME)).toEqual(accepted('\u00e9'.repeat(255)))
    expect(checkText(` ${'x'.repeat(255)} `, NAME)).toEqual(accepted('x'.repeat(255)))
    expect(checkText('\u03b1\u0313\u0300\u0345'.repeat(255), NAME)).toEqual(accepted('\u1f82'.repeat(255)))
    const problem = 'The text has 256 characters; at most 255 are allowed.'
    expect(checkText('\u{1f600}'.repeat(256), NAME)).toEqual(refused(problem))
    expect(checkText('e\u0301'.repeat(256), NAME)).toEqual(refused(problem))
  })

  test('refuses 31 combining marks in a row, not 30', () => {
    expect(checkText(`a${'\u0316'.repeat(30)}`, NAME)).toEqual(accepted(`a${'\u0316'.repeat(30)}`))
    expect(checkText(`a${'\u0316'.repeat(31)}`, NAME)).toEqual(
      refused('The text has more than 30 combining marks in a row.'),
    )
  })

  test('1 MB is refused with both numbers', () => {
    expect(checkText('x'.repeat(1_048_576), NOTES)).toEqual(
      refused('The text has 1,048,576 characters; at most 65,536 are allowed.'),
    )
  })

  test('stacked marks, of which 65,536 cost NFC over a second, are refused without it', () => {
    const normalize = jest.spyOn(String.prototype, 'normalize')
    expect(checkText(`a${'\u0301\u0316'.repeat(32_000)}`, NOTES)).toEqual(
      refused('The text has more than 30 combining marks in a row.'),
    )
    expect(normalize).not.toHaveBeenCalled()
    expect(checkText('Ame\u0301lie', NOTES)).toEqual(accepted('Am\u00e9lie'))
    expect(normalize).toHaveBeenCalledTimes(1)
    normalize.mockRestore()
  })
})

describe('checkLine', () => {
  test('names the value in its problems, and refuses nothing at all', () => {
    const rule = { maxLength: 3, what: 'handle' }
    expect(checkLine(' ada ', rule)).toEqual(accepted('ada'))
    expect(checkLine(' ', rule)).toEqual(refused('The handle is empty.'))
    expect(checkLine('adam', rule)).toEqual(refused('The handle has 4 characters; at most 3 are allowed.'))
  })
})

test('countCodePoints', () => {
  expect(['', 'a', '\u{1f600}', 'e\u0301', '\ud800'].map(countCodePoints)).toEqual([0, 1, 1, 2, 1])
})
