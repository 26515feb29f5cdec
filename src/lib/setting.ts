import { z } from 'zod'

/** One setting of the environment, as the README shows it and as its text is read. */
export interface Setting<Type> {
  readonly type: string
  readonly default: string
  readonly unit: string
  readonly meaning: string
  readonly schema: z.ZodType<Type>
}

/** A setting: how its text is read, and what the README says of it. */
export function setting<Type>(
  schema: z.ZodType<Type>,
  type: string,
  defaultText: string,
  unit: string,
  meaning: string,
): Setting<Type> {
  return { schema, type, default: defaultText, unit, meaning }
}

/** A text, undefined where it is empty or absent. */
export const text = z.string().trim().min(1).optional()
/** A whole number as it is written. */
export const digits = (min: number, max: number): z.ZodType<string, string> => {
  const range = `must be a whole number from ${min.toLocaleString('en')} to ${max.toLocaleString('en')}`
  const error = ({ input }: { input?: unknown }): string => `${range}, not ${JSON.stringify(input)}`
  return z
    .string()
    .trim()
    .refine((value) => /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max, { error })
}
/** A whole number, `fallback` where it is absent. */
export const whole = (fallback: number, min: number, max: number): z.ZodType<number> =>
  digits(min, max).transform(Number).default(fallback)

/** A whole number, or null for the word `off`; `fallback` where it is absent. */
export const wholeOrOff = (fallback: number, min: number, max: number): z.ZodType<number | null> =>
  z.union([z.literal('off').transform(() => null), digits(min, max).transform(Number)]).default(fallback)
