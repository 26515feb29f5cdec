import { hkdfSync } from 'node:crypto'

/**
 * A 32-byte key for one purpose from the server's secret, so that tokens and cursors never share a key.
 * @see RFC 5869 (HKDF with SHA-256)
 */
export function deriveKey(secret: string, purpose: 'tokens' | 'cursors' | 'operator-tokens' | 'downloads'): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', `kith:${purpose}:1`, 32))
}
