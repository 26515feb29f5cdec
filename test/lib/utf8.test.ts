import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { utf8Bytes } from '../../src/lib/utf8.js'

describe('utf8Bytes', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['é', 2],
    ['日本', 6],
    ['🎉', 4],
    ['\ud800', 3],
    ['a'.repeat(1000), 1000],
  ])('of %j is %i', (text, bytes) => expect(utf8Bytes(text)).toBe(bytes))

  it('is what Buffer says, of any text', () => {
    const texts = fc.oneof(fc.string({ maxLength: 200 }), fc.string({ unit: 'binary', maxLength: 200 }))
    fc.assert(fc.property(texts, (text) => expect(utf8Bytes(text)).toBe(Buffer.byteLength(text))))
  })
})
