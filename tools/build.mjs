import './node-version.mjs'
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import { cleanBuild, markBuilt, ROOT, runOrExit } from './steps.mjs'

// npm run build: dist/ from src/, and the GraphiQL page that needs no other host.

/** The one match of a pattern; throws where the package's page is no longer what this file knows. */
const only = (text, pattern) => {
  const matches = [...text.matchAll(pattern)]
  if (matches.length !== 1)
    throw new Error(`${pattern} matches ${matches.length} times in the GraphiQL page, not once.`)
  return matches[0]
}

/**
 * Renders with what the server says at run time: the first query, and locally a token, which is renewed while the page
 * is open. JSON, because no other site can read it.
 */
const render = (createRenewingFetch) => `
        ${createRenewingFetch}
        const own = { endpoint: '/graphql', shouldPersistHeaders: false }
        fetch('/graphiql/options.json')
          .then((response) => (response.ok ? response.json() : {}))
          .catch(() => ({}))
          .then(({ expiresInSeconds, ...options }) => {
            const { headers } = options
            globalThis.fetch = createRenewingFetch(globalThis.fetch.bind(globalThis), () => performance.now(), { headers, expiresInSeconds })
            YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), { ...own, ...options })
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

const startedAt = new Date()
cleanBuild()
runOrExit('typescript', 'tsc', ['-p', 'tsconfig.build.json', '--noEmitOnError'])

const { createRenewingFetch } = await import('../dist/http/renewing-fetch.js')
const page = Buffer.from(graphiqlPage(createRenewingFetch))
const folder = join(ROOT, 'dist/public')
mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, 'graphiql.html'), page)
writeFileSync(join(folder, 'graphiql.html.gz'), gzipSync(page))
// Quality 9 of 11: the last two take many times as long for a few per cent.
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: page.length } }
writeFileSync(join(folder, 'graphiql.html.br'), brotliCompressSync(page, brotli))

markBuilt(startedAt)
console.log(`Built dist in ${((Date.now() - startedAt.getTime()) / 1000).toFixed(1)} s.`)
