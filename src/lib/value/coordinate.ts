import { accept, refuse, type Checked } from './checked.js'

/** A latitude in degrees, from -90 (south) to 90 (north). */
export function checkLatitude(value: number): Checked<number> {
  return checkDegrees(value, 'latitude', 90)
}

/** A longitude in degrees, from -180 (west) to 180 (east). */
export function checkLongitude(value: number): Checked<number> {
  return checkDegrees(value, 'longitude', 180)
}

function checkDegrees(value: number, what: string, most: number): Checked<number> {
  // NaN fails the comparison; adding 0 turns -0 into 0.
  if (Math.abs(value) <= most) return accept(value + 0)
  return refuse(`The ${what} must be a number of degrees from -${most} to ${most}; it is ${value}.`)
}
