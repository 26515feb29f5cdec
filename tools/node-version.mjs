// Loaded before anything else: an older Node would end in the middle of somebody's minified code.

/** What is wrong with a version of Node, as `20.11.1`; undefined where Kith runs on it. */
export const problemOfNode = (version) => {
  const [major, minor] = version.split('.').map(Number)
  const runs = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22
  return runs ? undefined : `Kith needs Node 20.19 or newer, or 22.12 or newer; this is ${version}.`
}

const problem = problemOfNode(process.versions.node)
if (problem !== undefined) {
  console.error(problem)
  process.exit(1)
}
