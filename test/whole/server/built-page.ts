import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'

/** A stand-in for the built GraphiQL, where a test is about who gets it. */
export const BUILT_PAGE = '<p>the built page</p>'

/** The stand-in as the build writes it. */
export interface Pages {
  readonly file: URL
  close(): void
}

/** Writes the stand-in and its packed forms to a folder of their own. */
export function openPages(): Pages {
  const folder = mkdtempSync(join(tmpdir(), 'kith-pages-'))
  const file = join(folder, 'graphiql.html')
  writeFileSync(file, BUILT_PAGE)
  writeFileSync(`${file}.gz`, gzipSync(BUILT_PAGE))
  writeFileSync(`${file}.br`, brotliCompressSync(BUILT_PAGE))
  return { file: pathToFileURL(file), close: () => rmSync(folder, { recursive: true, force: true }) }
}
