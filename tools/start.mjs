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

// The terminal sends Ctrl-C to the whole process group, and npm passes its own copy on; the second one would end the
// server in the middle of its drain. Node binds `emit` when a listener is added, so this comes before the server.
const SAME_SIGNAL_MS = 1000
const lastSeenAtMs = new Map()
const emit = process.emit
process.emit = function emitOnce(event, ...args) {
  if (event === 'SIGINT' || event === 'SIGTERM') {
    const nowMs = performance.now()
    const isCopy = nowMs - (lastSeenAtMs.get(event) ?? -Infinity) < SAME_SIGNAL_MS
    lastSeenAtMs.set(event, nowMs)
    if (isCopy) return true
  }
  return emit.call(this, event, ...args)
}

loadEnvironmentFile()
process.setSourceMapsEnabled(true)
// Before anything loads graphql, which checks every value the slow way otherwise.
process.env.NODE_ENV = 'production'
await import('../dist/main.js')
