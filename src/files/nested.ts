/** A member of NDJSON: where its values stand. */
type Path = readonly (string | number)[]

type Tree = { [key: string]: unknown }

/** Makes an object of values: those of `company.name` and `company.id` are members of one `company`. */
export type Nest = (values: readonly unknown[]) => Tree

/**
 * Makes objects of values whose places are said by column keys: dots nest, numbers count from 1. Null is left out within
 * lists and nested objects; an object of nothing else is null, as a contact's company where it has none.
 *
 * | keys                                   | values                | object                                    |
 * | -------------------------------------- | --------------------- | ----------------------------------------- |
 * | `id`, `company.id`, `company.name`     | `1`, null, null       | `{ "id": 1, "company": null }`            |
 * | `emailAddresses.1.email`, `….2.email`  | `a@b.ch`, null        | `{ "emailAddresses": [{ "email": … }] }`  |
 */
export function nester(keys: readonly string[]): Nest {
  const paths = keys.map(pathOf)
  return (values) => {
    const root: Tree = {}
    for (const [index, path] of paths.entries()) place(root, path, values[index] ?? null)
    return root
  }
}

function pathOf(key: string): Path {
  return key.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) - 1 : part))
}

function place(root: Tree, path: Path, value: unknown): void {
  const [head = '', ...rest] = path
  if (rest.length === 0) {
    root[head] = value
    return
  }
  root[head] ??= typeof rest[0] === 'number' ? [] : null
  if (value === null) return
  root[head] ??= {}
  let inner = root[head] as Record<string | number, unknown>
  for (const [index, part] of rest.slice(0, -1).entries()) {
    inner[part] ??= typeof rest[index + 1] === 'number' ? [] : {}
    inner = inner[part] as Record<string | number, unknown>
  }
  inner[rest.at(-1) as string | number] = value
}
