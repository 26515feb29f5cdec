import type { FastifyInstance } from 'fastify'

/** Which pages a server has. */
export interface ServedPages {
  readonly hasSandbox: boolean
  readonly hasGraphiQL: boolean
  readonly hasDashboard: boolean
  readonly hasImportPage: boolean
}

// Helmet's own would ask browsers to turn the links to https, which a server without a proxy doesn't speak.
const POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** What `/` says: where the API is, and which pages there are. */
function frontPage({ hasSandbox, hasGraphiQL, hasDashboard, hasImportPage }: ServedPages): string {
  const pages = [
    ...(hasSandbox ? ['<li><a href="/graphql">Apollo Sandbox</a>, loaded from Apollo\'s hosts</li>'] : []),
    ...(hasGraphiQL ? ['<li><a href="/graphiql">GraphiQL</a>, which works offline</li>'] : []),
    ...(hasDashboard ? ['<li><a href="/dashboard">Dashboard</a>: how the server and its database perform</li>'] : []),
    ...(hasImportPage ? ['<li><a href="/import">Import</a>: contacts and companies from files</li>'] : []),
  ]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<title>Kith</title>
</head>
<body>
<h1>Kith</h1>
<p>A GraphQL CRM backend. The API is at <code>/graphql</code>, by POST with a bearer token.</p>
${pages.length > 0 ? `<ul>\n${pages.join('\n')}\n</ul>\n` : ''}</body>
</html>
`
}

/**
 * Adds `/`, and sends who writes `/graphql/`, `/graphiql/`, `/dashboard/` or `/import/` to the address without the slash, with method and body.
 */
export function addFrontPage(app: FastifyInstance, pages: ServedPages): void {
  const page = frontPage(pages)
  app.get('/', (_request, reply) =>
    reply.header('content-security-policy', POLICY).type('text/html; charset=utf-8').send(page),
  )
  addWithoutSlash(app, '/graphql', ['GET', 'POST'])
  if (pages.hasGraphiQL) addWithoutSlash(app, '/graphiql', ['GET'])
  if (pages.hasDashboard) addWithoutSlash(app, '/dashboard', ['GET'])
  if (pages.hasImportPage) addWithoutSlash(app, '/import', ['GET'])
}

function addWithoutSlash(app: FastifyInstance, address: string, method: string[]): void {
  app.route({
    method,
    url: `${address}/`,
    // Before a body is read. The connection ends, so that nobody waits for the rest of it.
    onRequest: async ({ url }, reply) => {
      const queryAt = url.indexOf('?')
      void reply.header('connection', 'close')
      return reply.redirect(address + (queryAt < 0 ? '' : url.slice(queryAt)), 308)
    },
    handler: (_request, reply) => reply,
  })
}
