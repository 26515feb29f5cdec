import { fileURLToPath } from 'node:url'

const isSource = import.meta.url.endsWith('.ts')

/** A program of this project, `main` or `commands/seed`, to run in another process: of the build, or a source as this is. */
export function programFile(name: string): string {
  return fileURLToPath(programUrl(name))
}

/** The same to run in a thread of this process. A thread doesn't have the loader that reads sources: it is given one. */
export function threadProgram(name: string): URL {
  const url = programUrl(name)
  if (!isSource) return url
  const [loader, program] = [import.meta.resolve('tsx/esm/api'), url.href].map((href) => JSON.stringify(href))
  const code = `import { register } from ${loader}; register(); await import(${program})`
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`)
}

function programUrl(name: string): URL {
  return new URL(`../${name}.${isSource ? 'ts' : 'js'}`, import.meta.url)
}
