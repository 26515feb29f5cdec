import type { CompiledSql } from './sql.js'

const MAX_TEXTS = 256

/**
 * Compiles SQL whose text is the same for all of one shape: it is written once for each of the first 256 shapes, and each time for
 * all others. `sources` are what its values may be, in an order that belongs to the shape: which value is which of them is told
 * by the first SQL that is written. Where it has another value, or two of them are alike, its text isn't kept.
 *
 *   compile('by id', [tenantId, id], write)   where t.tenant_id = $1 and t.id = $2
 *   compile('by id', ['b', 7], write)         the same text with the values b, 7; `write` isn't called
 */
export type CompileShape = (shape: string, sources: readonly unknown[], write: () => CompiledSql) => CompiledSql

/** Texts that are kept for good. @see CompileShape */
export function createKeptTexts(): CompileShape {
  const kept = new Map<string, { readonly text: string; readonly places: readonly number[] }>()
  return (shape, sources, write) => {
    const known = kept.get(shape)
    if (known) return { text: known.text, values: known.places.map((place) => sources[place]) }
    const written = write()
    const places = written.values.map((value) => sources.indexOf(value))
    const areAlike = new Set(sources).size < sources.length
    if (kept.size < MAX_TEXTS && !areAlike && !places.includes(-1)) kept.set(shape, { text: written.text, places })
    return written
  }
}
