import { describe, expect, test } from '@jest/globals'
import { createCursorCodec, looksLikeCursor, type CursorList, type CursorPlace } from '../../src/lib/cursor.js'
import { deriveKey } from '../../src/lib/derive-key.js'
import { AppError } from '../../src/lib/errors.js'

const codec = createCursorCodec(deriveKey('a secret of more than thirty-two bytes', 'cursors'))
const LIST: CursorList = { tenantId: 't1', list: 'contacts', order: 'created_at desc, id desc', filter: '' }
const PLACE: CursorPlace = { keys: ['2026-01-01T00:00:00.000Z'], id: '0190b0c0-0000-7000-8000-000000000001' }

/** The code of what decoding throws. */
function refusalOf(list: CursorList, cursor: string, from = codec): string | undefined {
  try {
    from.decode(list, cursor, 'after')
    return undefined
  } catch (error) {
    return error instanceof AppError ? error.code : String(error)
  }
}

describe('a cursor', () => {
  test.each<[string, CursorPlace]>([
    ['a moment', PLACE],
    ['no keys', { keys: [], id: PLACE.id }],
    ['keys of every type', { keys: ['山\u0000"', -1.5, true, false, null], id: 'x' }],
    ['a long text', { keys: ['x'.repeat(1000)], id: PLACE.id }],
    // An order of five texts, each as long as its folded column may be: 255 code points, a full name of 600, in four
    // bytes each.
    ['five long texts', { keys: [255, 255, 255, 255, 600].map((length) => '𠀀'.repeat(length)), id: PLACE.id }],
  ])('brings back %s', (_, place) => {
    const cursor = codec.encode(LIST, place)
    expect(codec.decode(LIST, cursor, 'after')).toEqual(place)
    expect(looksLikeCursor(cursor)).toBe(true)
  })

  test('hides what is in it', () => {
    const cursor = codec.encode(LIST, PLACE)
    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/)
    expect(Buffer.from(cursor, 'base64url').toString('latin1')).not.toMatch(/2026|0190b0c0|contacts|t1/)
  })

  test('is the same for one place in one list, and another in all of its bytes for any other', () => {
    expect(codec.encode({ ...LIST }, { ...PLACE })).toBe(codec.encode(LIST, PLACE))
    const others: readonly [CursorList, CursorPlace][] = [
      [{ ...LIST, tenantId: 't2' }, PLACE],
      [{ ...LIST, list: 'companies' }, PLACE],
      [{ ...LIST, order: 'created_at asc, id asc' }, PLACE],
      [{ ...LIST, filter: 'x' }, PLACE],
      [LIST, { ...PLACE, id: '0190b0c0-0000-7000-8000-000000000002' }],
      [LIST, { ...PLACE, keys: ['2026-01-01T00:00:00.001Z'] }],
    ]
    const cursors = [...others, [LIST, PLACE] as const].map(([list, place]) => codec.encode(list, place))
    // The initialization vectors, 12 bytes in 16 characters: one that comes again would give away what two texts have
    // alike.
    expect(new Set(cursors.map((cursor) => cursor.slice(0, 16))).size).toBe(cursors.length)
  })

  test.each<[string, Partial<CursorList>]>([
    ['tenant', { tenantId: 't2' }],
    ['list', { list: 'companies' }],
    ['parent', { list: 'company.contacts:1' }],
    ['order', { order: 'created_at asc, id asc' }],
    ['filter', { filter: 'x' }],
    ['list whose parts read the same', { tenantId: 't1contacts', list: '' }],
  ])('is refused in another %s', (_, change) => {
    expect(refusalOf({ ...LIST, ...change }, codec.encode(LIST, PLACE))).toBe('INVALID_CURSOR')
  })

  test('of another key is refused', () => {
    const other = createCursorCodec(deriveKey('another secret of more than 32 bytes', 'cursors'))
    expect(refusalOf(LIST, codec.encode(LIST, PLACE), other)).toBe('INVALID_CURSOR')
  })

  test('with any bit flipped, cut or lengthened is refused, and says which argument it was', () => {
    const bytes = Buffer.from(codec.encode(LIST, PLACE), 'base64url')
    const altered = Array.from(bytes, (byte, index) => {
      const copy = Buffer.from(bytes)
      copy[index] = byte ^ 1
      return copy
    })
    for (const copy of [
      ...altered,
      bytes.subarray(1),
      bytes.subarray(0, -1),
      Buffer.concat([bytes, bytes]),
      Buffer.alloc(0),
    ]) {
      expect(refusalOf(LIST, copy.toString('base64url'))).toBe('INVALID_CURSOR')
    }
    for (const field of ['after', 'before'] as const) {
      expect(() => codec.decode(LIST, 'x', field)).toThrow(expect.objectContaining({ extensions: { field } }))
    }
  })
})

describe('looksLikeCursor', () => {
  test.each([
    '',
    'x'.repeat(37),
    'x'.repeat(16_385),
    `${'x'.repeat(40)}=`,
    `${'x'.repeat(40)}+`,
    `${'x'.repeat(40)}\n`,
    'ä'.repeat(40),
  ])('%j: no', (text) => expect(looksLikeCursor(text)).toBe(false))

  test('the shortest and the longest: yes', () => {
    expect([38, 16_384].map((length) => looksLikeCursor('x'.repeat(length)))).toEqual([true, true])
    expect(codec.encode(LIST, { keys: [], id: '' }).length).toBeGreaterThanOrEqual(38)
  })
})
