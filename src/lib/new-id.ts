import { randomFillSync } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'

const ID_BYTES = 16
const random = new Uint8Array(256 * ID_BYTES)
let used = random.length

/**
 * A new id of a moment: a UUID of version 7. Random bytes are asked for 256 ids at a time: for each by itself they cost 7
 * µs, which was a twentieth of what a row of a bulk mutation takes.
 */
export function newId(moment: Date): string {
  if (used === random.length) {
    randomFillSync(random)
    used = 0
  }
  used += ID_BYTES
  return uuidv7({ msecs: moment.getTime(), random: random.subarray(used - ID_BYTES, used) })
}
