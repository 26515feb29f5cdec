import './node-version.mjs'
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { minifySync } from '@swc/core'
import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import { cleanBuild, markBuilt, ROOT, runOrExit } from './steps.mjs'

// npm run build: dist/ from src/, and the pages that need no other host: GraphiQL, the dashboard and imports.

/** The one match of a pattern; throws where the package's page is no longer what this file knows. */
const only = (text, pattern) => {
  const matches = [...text.matchAll(pattern)]
  if (matches.length !== 1)
    throw new Error(`${pattern} matches ${matches.length} times in the GraphiQL page, not once.`)
  return matches[0]
}

/**
 * Renders with what the server says at run time: the first query, unless a link brings another one, and locally a token, which
 * is renewed while the page is open. JSON, because no other site can read it.
 */
const render = (createRenewingFetch) => `
        ${createRenewingFetch}
        const own = { endpoint: '/graphql', shouldPersistHeaders: false }
        const optionsUrl = '/graphiql/options.json' + (location.hash === '#operator' ? '?as=operator' : '')
        fetch(optionsUrl)
          .then((response) => (response.ok ? response.json() : {}))
          .catch(() => ({}))
          .then(({ expiresInSeconds, ...options }) => {
            const { headers } = options
            globalThis.fetch = createRenewingFetch(globalThis.fetch.bind(globalThis), () => performance.now(), { headers, expiresInSeconds }, optionsUrl)
            const query = new URLSearchParams(location.search).get('query')
            const linked = query === null ? {} : { query }
            YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), { ...own, ...options, ...linked })
          })
`

/** GraphiQL as one page; its policy lets it talk to this server alone. */
const graphiqlPage = (createRenewingFetch) => {
  const page = renderGraphiQL({ title: 'Kith' })
  const call = only(
    page,
    /YogaGraphiQL\.renderYogaGraphiQL\(\s*window\.document\.querySelector\('#root'\),\s*\{[^}]*\},\s*\);/g,
  )
  const withOptions = page.slice(0, call.index) + render(createRenewingFetch) + page.slice(call.index + call[0].length)

  const scriptStart = only(withOptions, /<div id="root"><\/div>\s*<script>/g)
  const script = withOptions.slice(scriptStart.index + scriptStart[0].length, withOptions.lastIndexOf('</script>'))
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`,
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    'font-src data:',
    'img-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  const head = only(withOptions, /<meta charset="utf-8" \/>/g)
  const headEnd = head.index + head[0].length
  const meta = `\n      <meta http-equiv="Content-Security-Policy" content="${policy}" />`
  return (withOptions.slice(0, headEnd) + meta + withOptions.slice(headEnd)).trimStart()
}

/** Writes a file, and beside it what browsers are sent. */
const writePacked = (path, content) => {
  writeFileSync(path, content)
  writeFileSync(`${path}.gz`, gzipSync(content))
  // Quality 9 of 11: the last two take many times as long for a few per cent.
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: content.length }
  writeFileSync(`${path}.br`, brotliCompressSync(content, { params }))
}

/** Writes files as they are, and the modules of a folder without what browsers don't need. */
const packPage = (folder, sources) => {
  for (const [name, source] of sources) writePacked(join(folder, name), readFileSync(source))
  const copied = new Set(sources.map(([name]) => name))
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.js') || copied.has(name)) continue
    const path = join(folder, name)
    writePacked(path, Buffer.from(minifySync(readFileSync(path, 'utf8'), { module: true }).code))
  }
}

/** The modules of the dashboard that the page for imports is made of too. */
const SHARED_MODULES = ['api.js', 'dom.js', 'session.js', 'sign-in.js', 'theme.js']

/** The pages of pages/: their modules, their files as they are, and uPlot from its package. */
const buildPages = (folder) => {
  runOrExit('typescript', 'tsc', ['-p', 'pages', '--noEmitOnError', '--outDir', folder])
  const own = (path) => join(ROOT, 'pages', path)
  const uPlot = (name) => join(ROOT, 'node_modules/uplot', name)
  const [dashboard, imports] = [join(folder, 'dashboard'), join(folder, 'import')]
  // Each page is served from its own folder alone.
  for (const name of readdirSync(imports)) {
    const path = join(imports, name)
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll("'../dashboard/", "'./"))
  }
  for (const name of SHARED_MODULES) copyFileSync(join(dashboard, name), join(imports, name))
  packPage(imports, [
    ['index.html', own('import/index.html')],
    ['style.css', own('import/style.css')],
    ['base.css', own('dashboard/style.css')],
    ['icon.svg', own('dashboard/icon.svg')],
  ])
  packPage(dashboard, [
    ...['index.html', 'style.css', 'icon.svg'].map((name) => [name, own(`dashboard/${name}`)]),
    ['uplot.js', uPlot('dist/uPlot.iife.min.js')],
    ['uplot.css', uPlot('dist/uPlot.min.css')],
    ['uplot-license.txt', uPlot('LICENSE')],
  ])
}

const startedAt = new Date()
cleanBuild()
runOrExit('typescript', 'tsc', ['-p', 'tsconfig.build.json', '--noEmitOnError'])

const { createRenewingFetch } = await import('../dist/http/renewing-fetch.js')
const folder = join(ROOT, 'dist/public')
mkdirSync(folder, { recursive: true })
writePacked(join(folder, 'graphiql.html'), Buffer.from(graphiqlPage(createRenewingFetch)))
buildPages(folder)

markBuilt(startedAt)
console.log(`Built dist in ${((Date.now() - startedAt.getTime()) / 1000).toFixed(1)} s.`)
