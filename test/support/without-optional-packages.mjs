import { readFileSync } from 'node:fs'
import { Module, register } from 'node:module'

// node --import <this file>: the optional packages can't be found, as after `npm prune --omit=optional`.

const { optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
const missing = JSON.stringify(Object.keys(optionalDependencies))

// For import: a module of its own, which Node runs beside the program.
const HOOK = `
  export function resolve(specifier, context, next) {
    const isMissing = ${missing}.some((name) => specifier === name || specifier.startsWith(name + '/'))
    if (!isMissing) return next(specifier, context)
    throw Object.assign(new Error('Cannot find package ' + specifier), { code: 'ERR_MODULE_NOT_FOUND' })
  }
`
register(`data:text/javascript,${encodeURIComponent(HOOK)}`)

// For require and require.resolve.
const { _resolveFilename: resolveFilename } = Module
Module._resolveFilename = function resolveUnlessMissing(specifier, ...rest) {
  const isMissing = JSON.parse(missing).some((name) => specifier === name || specifier.startsWith(`${name}/`))
  if (!isMissing) return resolveFilename.call(this, specifier, ...rest)
  throw Object.assign(new Error(`Cannot find module ${specifier}`), { code: 'MODULE_NOT_FOUND' })
}
