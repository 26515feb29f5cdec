import { createHash } from 'node:crypto'

/** What the page is filled in with. */
export interface SandboxOptions {
  readonly document: string
  /** sent with every request, as `{ authorization: 'Bearer …' }` */
  readonly headers: Readonly<Record<string, string>>
  /** whether GraphiQL, which needs no other host, is served too */
  readonly hasGraphiQL: boolean
}

const APOLLO_SCRIPTS = 'https://embeddable-sandbox.cdn.apollographql.com'
const APOLLO_FRAME = 'https://sandbox.embed.apollographql.com'

const STYLE = `
  body { margin: 0; font-family: sans-serif; }
  iframe { width: 100%; height: 100%; border: none; background-color: white; }
  #sandbox { position: absolute; top: 0; width: 100vw; height: 100vh; }
  .fallback { padding: 1em; opacity: 0; animation: appear 1s 1s forwards; }
  @keyframes appear { to { opacity: 1; } }
`

const SCRIPT = `
  const { document: text, headers, ...options } = JSON.parse(document.querySelector('#options').textContent)
  new EmbeddedSandbox({
    target: '#sandbox',
    initialEndpoint: location.origin + location.pathname,
    initialState: { document: text, headers, sharedHeaders: headers, pollForSchemaUpdates: false },
    ...options,
  })
`

/**
 * What a browser may load for the page: its own script and style, Apollo's Sandbox, and answers of this server. The
 * frame is Apollo's; it asks this page to send what is typed there.
 */
export const SANDBOX_POLICY = [
  "default-src 'none'",
  `script-src '${sha256(SCRIPT)}' ${APOLLO_SCRIPTS}`,
  `style-src '${sha256(STYLE)}'`,
  `frame-src ${APOLLO_FRAME}`,
  'img-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Apollo Sandbox over the address of the page itself; the browser loads it from Apollo's hosts. */
export function sandboxPage({ document, headers, hasGraphiQL }: SandboxOptions): string {
  const options = { document, headers, endpointIsEditable: false, runTelemetry: false, allowDynamicStyles: false }
  const hint = hasGraphiQL ? ' <a href="/graphiql">GraphiQL</a> works offline.' : ''
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<link rel="icon" href="data:," />
<title>Kith – Apollo Sandbox</title>
<style>${STYLE}</style>
</head>
<body>
<div class="fallback">
<h1>Kith</h1>
<p>Apollo Sandbox cannot be loaded; it appears that you might be offline.${hint}</p>
</div>
<div id="sandbox"></div>
<script type="application/json" id="options">${jsonInHtml(options)}</script>
<script src="${APOLLO_SCRIPTS}/v2/embeddable-sandbox.umd.production.min.js"></script>
<script>${SCRIPT}</script>
</body>
</html>
`
}

function sha256(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

function jsonInHtml(value: object): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c')
}
