import './node-version.mjs'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { hasDevDependencies, isBuilt, isBuildFresh, isGenerated, loadEnvironmentFile, ROOT, runTool } from './steps.mjs'

// node tools/command.mjs <name> [arguments]: src/commands/<name>.ts, from the build where that is fresh, else from
// source.

const [name = '', ...args] = process.argv.slice(2)
const fromBuild = isBuildFresh() || (isBuilt() && !hasDevDependencies())
const file = join(ROOT, fromBuild ? `dist/commands/${name}.js` : `src/commands/${name}.ts`)
if (!/^[a-z-]+$/.test(name) || !existsSync(file)) {
  console.error(`There is no command ${JSON.stringify(name)} in ${fromBuild ? 'dist' : 'src'}/commands.`)
  process.exit(1)
}

if (!fromBuild) {
  if (!isGenerated()) runTool('generate')
  const { register } = await import('tsx/esm/api')
  register()
}
loadEnvironmentFile()
process.setSourceMapsEnabled(true)
process.argv = [process.execPath, file, ...args]
await import(pathToFileURL(file).href)
