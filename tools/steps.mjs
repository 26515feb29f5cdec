import './node-version.mjs'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)

/** The root of the project; every tool works from here. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url))

const MODELS = ['prisma/schema.prisma', 'prisma/models']
const GENERATED = [
  { output: 'src/generated/prisma/client.ts', sources: MODELS },
  { output: 'src/generated/graphql.ts', sources: ['schema.graphql', 'codegen.ts'] },
]
/** Written last, dated to the start of its build: what changed meanwhile counts as newer. */
const BUILT = {
  output: 'dist/.built',
  sources: [
    'src',
    'pages',
    'schema.graphql',
    'codegen.ts',
    ...MODELS,
    'tsconfig.json',
    'tsconfig.build.json',
    'tools/build.mjs',
  ],
}

/** Time of the newest change below a path in ms since 1970; folders count, so that a deletion is seen. */
const newestMs = (path) => {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat?.isDirectory()) return stat?.mtimeMs ?? 0
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestMs(join(path, name))))
}

const isFresh = ({ output, sources }) => {
  const stat = statSync(join(ROOT, output), { throwIfNoEntry: false })
  return stat !== undefined && sources.every((source) => newestMs(join(ROOT, source)) <= stat.mtimeMs)
}

/** True where what `generate` and `build` need is installed; `npm ci --omit=dev` leaves it out. */
export const hasDevDependencies = () =>
  ['typescript', '@graphql-codegen/cli', '@graphql-yoga/render-graphiql', '@swc/core', 'uplot'].every((name) =>
    existsSync(join(ROOT, 'node_modules', name)),
  )

/** True where dist/ holds a finished build, be it of older sources. */
export const isBuilt = () => existsSync(join(ROOT, BUILT.output))

/** True where dist/ is what a build of the present sources would make. */
export const isBuildFresh = () => isGenerated() && isFresh(BUILT)

/** True where src/generated is what its sources say. */
export const isGenerated = () => GENERATED.every(isFresh)

/** Forgets the finished build and everything that it wrote. */
export const cleanBuild = () => rmSync(join(ROOT, 'dist'), { recursive: true, force: true })

/** Marks dist/ as a finished build of what the sources were at `startedAt`. */
export const markBuilt = (startedAt) => {
  const path = join(ROOT, BUILT.output)
  writeFileSync(path, '')
  utimesSync(path, startedAt, startedAt)
}

/** The file that a package's command runs. */
const commandFile = (packageName, command) => {
  const manifestPath = join(ROOT, 'node_modules', packageName, 'package.json')
  const { bin } = require(manifestPath)
  return join(dirname(manifestPath), typeof bin === 'string' ? bin : bin[command])
}

/** Runs an installed package's command without a shell; what it says is returned, with its exit code. */
export const runQuietly = (packageName, command, args) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [commandFile(packageName, command), ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      // Prisma starts its generators by their names, which npm would have put on the path.
      PATH: [join(ROOT, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
      // It also asks its maker for news at every command; on a closed network that costs seconds.
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
    },
  })
  return { status: status ?? 1, output: stdout + stderr }
}

/** Runs an installed package's command and ends this process with its output where it fails. */
export const runOrExit = (packageName, command, args) => {
  const { status, output } = runQuietly(packageName, command, args)
  if (status === 0) return
  process.stderr.write(`${output}\n${[command, ...args].join(' ')} ended with code ${status}.\n`)
  process.exit(status)
}

/**
 * Runs another tool of this folder, as its npm script would; ends this process where it fails. Says nothing on stdout.
 */
export const runTool = (name) => {
  const { status } = spawnSync(process.execPath, [join(ROOT, 'tools', `${name}.mjs`)], {
    cwd: ROOT,
    stdio: ['ignore', process.stderr.fd, 'inherit'],
  })
  if (status !== 0) process.exit(status ?? 1)
}

/** Generates and builds what is missing or older than its sources. */
export const bringUpToDate = () => {
  if (!isGenerated()) runTool('generate')
  if (!isBuildFresh()) runTool('build')
}

/** Reads .env where there is one; what the environment already says stays. */
export const loadEnvironmentFile = () => {
  const path = join(ROOT, '.env')
  if (existsSync(path)) process.loadEnvFile(path)
}
