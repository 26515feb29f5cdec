import { createHmac } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { deriveKey } from '../../src/lib/derive-key.js'

const SECRET = 'a secret of more than thirty-two bytes'

describe('deriveKey', () => {
  test('is HKDF with SHA-256, step by step', () => {
    const extracted = createHmac('sha256', Buffer.alloc(32)).update(SECRET).digest()
    for (const purpose of ['tokens', 'cursors'] as const) {
      const expanded = createHmac('sha256', extracted).update(`kith:${purpose}:1`).update(Buffer.of(1)).digest()
      expect(Buffer.from(deriveKey(SECRET, purpose)).toString('hex')).toBe(expanded.toString('hex'))
    }
  })

  test('gives a key for each purpose and secret, always the same', () => {
    const keys = [deriveKey(SECRET, 'tokens'), deriveKey(SECRET, 'cursors'), deriveKey(`${SECRET}!`, 'tokens')]
    expect(keys.map((key) => key.length)).toEqual([32, 32, 32])
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(3)
    expect(deriveKey(SECRET, 'tokens')).toEqual(keys[0])
  })
})
