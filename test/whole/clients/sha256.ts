/**
 * The SHA-256 of a text in hexadecimal digits, by WebCrypto: browsers (over HTTPS or on localhost) and Node have it.
 */
export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
