import { bringUpToDate, hasDevDependencies, isBuilt, loadEnvironmentFile } from './steps.mjs'

// npm start: the built server, built first where its sources are newer.

if (hasDevDependencies()) {
  bringUpToDate()
} else if (!isBuilt()) {
  console.error(
    'There is no build in dist/ and nothing to build it with. Run `npm ci` (without --omit=dev), then `npm start`.',
  )
  process.exit(1)
}

loadEnvironmentFile()
process.setSourceMapsEnabled(true)
// Before anything loads graphql, which checks every value the slow way otherwise.
process.env.NODE_ENV = 'production'
await import('../dist/main.js')
