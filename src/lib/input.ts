import type { UserError } from './errors.js'
import type { Checked } from './value/checked.js'

/** A field of an update: absent stays, null clears. */
export type Given<Value> = Value | null | undefined

/** Collects what is wrong with an input; `path` leads to the part of the input that is looked at. */
export interface InputCheck {
  readonly errors: UserError[]
  readonly path: readonly string[]
  /** The checked value; absent and null pass through, a refused value is recorded and comes back absent. */
  take<Value, Result>(field: string, value: Given<Value>, check: (value: Value) => Checked<Result>): Given<Result>
  /** The same for a value that must be there: null, and what checks to null, is recorded too. */
  need<Value, Result>(
    field: string,
    value: Given<Value>,
    check: (value: Value) => Checked<Result | null>,
  ): Result | undefined
  /** Records a problem of a field. */
  refuse(field: string, message: string, code?: UserError['code'], more?: Partial<UserError>): void
  /** The same check one level deeper. */
  at(...steps: readonly (string | number)[]): InputCheck
}

/** An empty collection. `path` defaults to the input itself. */
export function createInputCheck(path: readonly string[] = [], errors: UserError[] = []): InputCheck {
  const refuse: InputCheck['refuse'] = (field, message, code = 'BAD_USER_INPUT', more = {}) => {
    errors.push({ code, message, field: [...path, ...(field === '' ? [] : [field])], ...more })
  }
  return {
    errors,
    path,
    refuse,
    take(field, value, check) {
      if (value === undefined) return undefined
      if (value === null) return null
      const checked = check(value)
      if (checked.ok) return checked.value
      refuse(field, checked.problem)
      return undefined
    },
    need(field, value, check) {
      if (value === undefined) return undefined
      const checked = value === null ? null : check(value)
      if (checked?.ok && checked.value !== null) return checked.value
      refuse(field, checked && !checked.ok ? checked.problem : 'A value is required.')
      return undefined
    },
    at: (...steps) => createInputCheck([...path, ...steps.map(String)], errors),
  }
}

/** The entries of an object whose value was given, null included: what an update writes. */
export function givenOnly<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never
}
