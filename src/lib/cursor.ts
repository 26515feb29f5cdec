import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { AppError } from './errors.js'

/** The list that a cursor belongs to: it is refused in any other. */
export interface CursorList {
  readonly tenantId: string
  /** name of the list; with the parent's id where there is one: `company.contacts:<id>` */
  readonly list: string
  /** the order, as `created_at desc` */
  readonly order: string
  /** fingerprint of the filter as it was given; empty without one */
  readonly filter: string
}

/** A place in a list: the values of its order columns, then the id. */
export interface CursorPlace {
  readonly keys: readonly (string | number | boolean | null)[]
  readonly id: string
}

export interface CursorCodec {
  encode(list: CursorList, place: CursorPlace): string
  /** `argument` is the one that the cursor came in. @throws INVALID_CURSOR when it is none of this list, or was altered */
  decode(list: CursorList, cursor: string, argument: 'after' | 'before'): CursorPlace
}

const FORMAT = 1
const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Cursors that only this server can read and write: AES-256-GCM. The list is not inside but authenticated beside, which
 * keeps cursors short and makes one of another tenant, list, order or filter fail like an altered one.
 */
export function createCursorCodec(key: Uint8Array): CursorCodec {
  const beside = (list: CursorList): Buffer =>
    Buffer.from(JSON.stringify([FORMAT, list.tenantId, list.list, list.order, list.filter]))
  return {
    encode(list, place) {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(beside(list))
      const body = Buffer.concat([cipher.update(JSON.stringify([...place.keys, place.id])), cipher.final()])
      return Buffer.concat([iv, body, cipher.getAuthTag()]).toString('base64url')
    },
    decode(list, cursor, argument) {
      try {
        const bytes = Buffer.from(cursor, 'base64url')
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES))
          .setAAD(beside(list))
          .setAuthTag(bytes.subarray(-TAG_BYTES))
        const body = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()])
        const values = JSON.parse(body.toString()) as (string | number | boolean | null)[]
        return { keys: values.slice(0, -1), id: values.at(-1) as string }
      } catch (cause) {
        throw new AppError('INVALID_CURSOR', 'The cursor is not one of this list.', {
          extensions: { field: argument },
          cause,
        })
      }
    },
  }
}

/** Whether a text can be a cursor at all: base64url of a length that cursors have. */
export function looksLikeCursor(text: string): boolean {
  return /^[A-Za-z0-9_-]{38,16384}$/.test(text)
}
