// Loaded before anything else: an older Node would end in the middle of somebody's minified code.
const OLDEST = [20, 19]
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]) || major === 21 || (major === 22 && minor < 12)) {
  console.error(`Kith needs Node 20.19 or newer, or 22.12 or newer; this is ${process.versions.node}.`)
  process.exit(1)
}
