import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { checkEmail } from '../../../src/lib/value/email.js'
import { removeInvisible } from '../../../src/lib/value/invisible.js'
import { checkText } from '../../../src/lib/value/text.js'
import { testSeed } from '../../setup/test-run.js'

const INVISIBLE = [
  '\u200b', '\u2060', '\u00ad', '\ufeff', '\u034f', '\u115f', '\u3164', '\uffa0', '\u180e', '\u200e', '\u200f', '\u061c',
  '\u206a', '\u2064', '\ufe0f', '\u200c', '\u200d', '\u{e0041}', '\u{e0100}', '\ufff9',
] // prettier-ignore

test.each(INVISIBLE)('%j goes before, within and after Latin letters', (mark) => {
  expect(removeInvisible(`${mark}Le${mark}ad${mark}`)).toBe('Lead')
  expect(checkText(`${mark} Le${mark}ad ${mark}`, { maxLength: 10 })).toEqual({ ok: true, value: 'Lead' })
})

test.each([['anna@example.com\u200b'], ['\ufeffan\u00adna@exam\u2060ple.com']])('%j is anna@example.com', (value) => {
  const email = 'anna@example.com'
  expect(checkEmail(value)).toEqual({ ok: true, value: { email, key: email, domain: 'example.com' } })
})

test.each([
  ['a Persian non-joiner', '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645'],
  ['a conjunct of Sinhala', '\u0dc1\u0dca\u200d\u0dbb\u0dd3'],
  ['a chillu at the end of a word of Malayalam', '\u0d05\u0d35\u0d28\u0d4d\u200d'],
  ['a family', '\u{1f469}\u200d\u{1f469}\u{1f3fd}\u200d\u{1f467}'],
  ['a rainbow flag', '\u{1f3f3}\ufe0f\u200d\u{1f308}'],
  ['a flag of tags', '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}'],
  ['a keycap', '1\ufe0f\u20e3'],
  ['a form of an ideograph', '\u845b\u{e0100}\u57ce'],
])('%s stays', (_, text) => {
  expect(removeInvisible(text)).toBe(text)
})

test('marks of direction stay in several lines', () => {
  expect(removeInvisible('a\u200eb\u200bc', { multiline: true })).toBe('a\u200ebc')
})

const seed = testSeed()

test(`doing it twice changes nothing: KITH_TEST_SEED=${seed}`, () => {
  const others = [
    'a',
    '1',
    ' ',
    '\u20e3',
    '\u0628',
    '\u0915',
    '\u094d',
    '\u845b',
    '\u{1f469}',
    '\u{1f3f4}',
    '\u{1f3fd}',
  ]
  const text = fc.array(fc.constantFrom(...INVISIBLE, ...others, '\u{e007f}'), { maxLength: 12 })
  fc.assert(
    fc.property(text, (parts) => {
      const once = removeInvisible(parts.join(''))
      expect(removeInvisible(once)).toBe(once)
    }),
    { seed, numRuns: 5000 },
  )
})
