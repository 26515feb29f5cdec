import { fileURLToPath } from 'node:url'

/** A program of this project, `main` or `commands/seed`, to run in another process: of the build, or a source as this is. */
export function programFile(name: string): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return fileURLToPath(new URL(`../${name}.${extension}`, import.meta.url))
}
