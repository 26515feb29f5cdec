import { mkdirSync } from 'node:fs'
import { asError } from '../errors.js'
import { isNoRoom } from './disk.js'

/** The data folder can't be made; the message says why and what to do. */
export class NoDataFolder extends Error {}

/** Makes the data folder where it is missing. @throws NoDataFolder; the system's own error where the disk is full */
export function makeDataFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true })
  } catch (error) {
    if (isNoRoom(error)) throw error
    throw new NoDataFolder(
      `KITH_DATA_DIR is ${dataDir}, and that folder can't be made (${asError(error).message}). Let it name a folder that you may write to.`,
      { cause: error },
    )
  }
}
