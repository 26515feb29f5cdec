import { accept, formatCount, refuse, type Checked } from './checked.js'

/** A whole number from `min` to `max`; -0 becomes 0. */
export function checkInteger(
  value: number,
  { min, max }: { readonly min: number; readonly max: number },
): Checked<number> {
  // Adding 0 turns -0 into 0, which a client reads back.
  if (Number.isInteger(value) && value >= min && value <= max) return accept(value + 0)
  // Years have no separators: the limits are written with them only where that can't be meant.
  const write = (limit: number) => (Math.abs(limit) < 10_000 ? String(limit) : formatCount(limit))
  return refuse(`The number must be a whole number from ${write(min)} to ${write(max)}; it is ${value}.`)
}
