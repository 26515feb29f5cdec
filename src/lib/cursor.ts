import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'
import { AppError } from './errors.js'

/** The list that a cursor comes from. In a list that differs in any of this the cursor is refused. */
export interface CursorList {
  readonly tenantId: string
  /** the name of the list: `contacts`; with its parent, where it has one: `company.contacts:<id>` */
  readonly list: string
  /** the order as text: `LAST_NAME ASC LAST` */
  readonly order: string
  /** a hash of filter and search as they were given; empty without either */
  readonly filter: string
}

/** Where a row stands in a list: `{ keys: ['brown'], id: '0190…' }` in a list by last name. */
export interface CursorPlace {
  /** the row's values in the columns of the order */
  readonly keys: readonly (string | number | boolean | null)[]
  readonly id: string
}

export interface CursorCodec {
  /** The cursor of a place in a list. */
  encode(list: CursorList, place: CursorPlace): string
  /**
   * The place of a cursor that a client sent in `argument`.
   * @throws INVALID_CURSOR where the cursor is of another list or was changed; `extensions.field` is the argument
   */
  decode(list: CursorList, cursor: string, argument: 'after' | 'before'): CursorPlace
}

/** Counted up when the content of cursors changes: older ones are refused then. */
const FORMAT = 1
const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Makes cursors and reads them back. A cursor is a place, encrypted with AES-256-GCM, so that clients can neither read
 * nor change it: `base64url(iv, encrypted '["brown","0190…"]', tag)`.
 *
 * It works in its own list only, and yet doesn't contain the list, which keeps it short. GCM's tag is a checksum under
 * the key, over the encrypted place and over more data that both sides know ("additional authenticated data"): here the
 * list. When a cursor comes back, the tag is computed with the list in which the client uses it. In a list of another
 * tenant, name, order or filter it comes out different, and the cursor is refused like one that was changed.
 *
 * One place in one list has one cursor, so that a client that asks again sees that nothing changed. GCM needs another
 * initialization vector for each text: here an HMAC of list and place, under a key of its own (`ivKey`).
 */
export function createCursorCodec(key: Uint8Array): CursorCodec {
  const ivKey = createHmac('sha256', key).update('initialization vectors of cursors').digest()
  const authenticatedData = (list: CursorList): Buffer =>
    Buffer.from(JSON.stringify([FORMAT, list.tenantId, list.list, list.order, list.filter]))
  return {
    encode(list, place) {
      const data = authenticatedData(list)
      const text = JSON.stringify([...place.keys, place.id])
      const iv = createHmac('sha256', ivKey).update(data).update('\0').update(text).digest().subarray(0, IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(data)
      const body = Buffer.concat([cipher.update(text), cipher.final()])
      return Buffer.concat([iv, body, cipher.getAuthTag()]).toString('base64url')
    },
    decode(list, cursor, argument) {
      try {
        const bytes = Buffer.from(cursor, 'base64url')
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES))
          .setAAD(authenticatedData(list))
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

/** Whether a text can be a cursor, of any list: base64url of a length that cursors have. */
export function looksLikeCursor(text: string): boolean {
  return /^[A-Za-z0-9_-]{38,16384}$/.test(text)
}
