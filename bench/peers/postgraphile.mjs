import { createServer } from 'node:http'
import { PgSimplifyInflectionPreset } from '@graphile/simplify-inflection'
import { listen, poolOptions } from './peer.mjs'

// Node 22 has it; Grafast asks for nothing else of it.
Promise.withResolvers ??= function () {
  let resolve, reject
  const promise = new this((...settle) => ([resolve, reject] = settle))
  return { promise, resolve, reject }
}

const { postgraphile } = await import('postgraphile')
const { PostGraphileAmberPreset } = await import('postgraphile/presets/amber')
const { makePgService } = await import('postgraphile/adaptors/pg')
const { grafserv } = await import('postgraphile/grafserv/node')
const { PostGraphileConnectionFilterPreset } = await import('postgraphile-plugin-connection-filter')

const { connectionString, ...poolConfig } = poolOptions
const preset = {
  extends: [PostGraphileAmberPreset, PgSimplifyInflectionPreset, PostGraphileConnectionFilterPreset],
  pgServices: [makePgService({ connectionString, poolConfig, schemas: ['public', 'bench'] })],
  disablePlugins: ['PgIndexBehaviorsPlugin'],
  schema: { connectionFilterRelations: true, defaultBehavior: '+list' },
  grafserv: { graphqlPath: '/graphql', graphiql: false, watch: false },
  grafast: { explain: false },
}
const server = createServer()
server.on('error', (error) => console.error(error))
const serv = postgraphile(preset).createServ(grafserv)
await serv.addTo(server)
await serv.ready()
listen(server)
