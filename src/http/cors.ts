import cors, { type FastifyCorsOptions } from '@fastify/cors'
import type { FastifyContextConfig, FastifyInstance } from 'fastify'

// Names that no DNS server can give away (it can *.localhost, for some resolvers); with any port.
const LOCALHOST_ORIGIN = /^https?:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/

/** Chromium's own limit. Each address of a GET is asked for by itself. */
const PREFLIGHT_SECONDS = 7200

/** Whose pages may call the API from a browser. */
export interface CorsOptions {
  /** as browsers write them: `https://app.example.com` */
  readonly origins: readonly string[]
  /** whether every page of this machine may, whatever its port */
  readonly hasLocalhost: boolean
}

/**
 * Answers preflights of an address, and returns the configuration that its other routes need for the headers of their
 * answers, refused ones too. Requests carry a token that their page put there, never a cookie: without the headers a
 * page can't read an answer, but nothing else is protected by them. Other addresses keep having none.
 */
export async function addCors(
  app: FastifyInstance,
  url: string,
  { origins, hasLocalhost }: CorsOptions,
): Promise<FastifyContextConfig & { readonly cors?: FastifyCorsOptions }> {
  if (origins.length === 0 && !hasLocalhost) return {}
  const ofThisAddress: FastifyCorsOptions = {
    origin: [...origins, ...(hasLocalhost ? [LOCALHOST_ORIGIN] : [])],
    methods: ['GET', 'POST'],
    exposedHeaders: ['x-request-id', 'retry-after'],
    maxAge: PREFLIGHT_SECONDS,
    strictPreflight: false,
  }
  await app.register(cors, { origin: false })
  const config = { cors: ofThisAddress }
  // The plugin answers before this handler is reached.
  app.options(url, { config }, (_request, reply) => reply.code(204).send())
  return config
}
