import { expect, test } from '@jest/globals'
import { bytes, readAll } from './support.js'

// Sizes at which these took minutes as long as their time was quadratic: Jest gives each test a minute.

const cards = async (...lines: readonly string[]) => {
  const { rows } = await readAll(bytes(['BEGIN:VCARD', ...lines, 'END:VCARD', ''].join('\n')))
  return rows.map(({ cells, error }) => [Object.fromEntries(cells), error?.code, error?.message])
}

test('100 parameters are read, 101 are refused', async () => {
  expect(await cards(`TEL${';TYPE="fax,pref"'.repeat(99)};X=y:1`)).toEqual([
    [
      { 'phoneNumbers.1.number': '1', 'phoneNumbers.1.type': 'FAX', 'phoneNumbers.1.isPrimary': 'true' },
      undefined,
      undefined,
    ],
  ])
  expect(await cards('N:Ada;;;;', `TEL${';TYPE=a'.repeat(101)}:1`)).toEqual([
    [
      { lastName: 'Ada' },
      'INVALID_CARD',
      `“TEL${';TYPE=a'.repeat(8)};…” has more than 100 parameters: leave some out.`,
    ],
  ])
})

test('10,000 characters may stand before a colon, with it', async () => {
  const of = (length: number) => `TEL;TYPE=${'a'.repeat(length - 'TEL;TYPE='.length)}:1`
  expect(await cards(of(10_000))).toEqual([
    [{ 'phoneNumbers.1.number': '1', 'phoneNumbers.1.type': 'OTHER' }, undefined, undefined],
  ])
  const message = `“TEL;TYPE=${'a'.repeat(51)}…” has more than 10,000 characters before its colon: leave parameters out.`
  expect(await cards(of(10_001))).toEqual([[{}, 'INVALID_CARD', message]])
})

test.each([
  ['parameters', `TEL${';TYPE="a,b"'.repeat(80_000)}:1`, `TEL${';TYPE="a,b"'.repeat(5)};T…`, true],
  ['an open quote', `TEL;TYPE=${'"'.repeat(900_001)}:1`, `TEL;TYPE=${'"'.repeat(51)}…`, true],
  [
    'a word of vCard 2.1, without a colon',
    `${'QUOTED-PRINTABLE'.repeat(60_000)}=`,
    `${'QUOTED-PRINTABLE'.repeat(3)}QUOTED-PRINT…`,
    false,
  ],
  ['a name', 'a.'.repeat(500_000), `${'a.'.repeat(30)}…`, false],
])('a line with 900,000 characters of %s is refused', async (_, line, shown, hasColon) => {
  const problem = hasColon
    ? 'has more than 10,000 characters before its colon: leave parameters out.'
    : 'has no colon: write NAME:value.'
  expect(await cards(line)).toEqual([[{}, 'INVALID_CARD', `“${shown}” ${problem}`]])
})

test('a card of more than 1,000 lines is refused, and no more of them are read', async () => {
  const emails = Array.from({ length: 90_000 }, () => 'EMAIL:a@b.ch')
  const [[cells, ...error] = []] = await cards(...emails)
  expect([Object.keys(cells as object).length, error]).toEqual([
    2 * 999,
    ['ROW_TOO_LARGE', 'The card has more than 1,048,576 characters: shorten it.'],
  ])
  const [[, ...fewer] = []] = await cards(...emails.slice(0, 999))
  expect(fewer).toEqual(['INVALID_CARD', 'The card has more than 1,000 lines: leave some out.'])
  const [[, ...none] = []] = await cards(...emails.slice(0, 998))
  expect(none).toEqual([undefined, undefined])
})

test('folded lines are put together once: 14,000 are one note, of 100,000 no more than a card is kept', async () => {
  const piece = 'a'.repeat(18)
  expect(await cards('NOTE:', ...Array.from({ length: 14_000 }, () => ` ${piece}`))).toEqual([
    [{ notes: piece.repeat(14_000) }, undefined, undefined],
  ])
  const [[cells, ...error] = []] = await cards('NOTE:', ...Array.from({ length: 100_000 }, () => ` ${'a'.repeat(69)}`))
  // 70 characters each, of what 16 in BEGIN and NOTE leave of 2 ** 20.
  expect([(cells as { notes: string }).notes.length, error]).toEqual([
    69 * Math.floor((2 ** 20 - 16) / 70),
    ['ROW_TOO_LARGE', 'The card has more than 1,048,576 characters: shorten it.'],
  ])
})

test('lines of quoted-printable go on without a space, whatever is folded before their colon', async () => {
  const lines = Array.from({ length: 100_000 }, () => 'b=')
  expect(await cards('NOTE;ENCODING=QUOTED-', ' PRINTABLE:a=C3=', '=BC=', ...lines, 'c')).toEqual([
    [{ notes: `aü${'b'.repeat(100_000)}c` }, undefined, undefined],
  ])
  expect(await cards('NOTE:a=', 'N:Ada;;;;')).toEqual([[{ notes: 'a=', lastName: 'Ada' }, undefined, undefined]])
})
