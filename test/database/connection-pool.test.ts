import { createServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { createConnectionPool, type ConnectionPool } from '../../src/database/connection-pool.js'

let server: Server
let pool: ConnectionPool

afterEach(async () => {
  await pool.close()
  await new Promise((resolve) => server.close(resolve))
})

function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length + 4)
  return Buffer.concat([Buffer.from(type), length, body])
}

const AUTHENTICATION_OK = message('R', Buffer.alloc(4))
const READY_FOR_QUERY = message('Z', Buffer.from('I'))
const TERMINATED = message(
  'E',
  Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0'),
)

describe('a pool', () => {
  test('survives a connection that is ended in the packet that says it is ready', async () => {
    server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.end(Buffer.concat([AUTHENTICATION_OK, READY_FOR_QUERY, TERMINATED])))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    pool = createConnectionPool({
      connectionString: `postgresql://kith@127.0.0.1:${port}/kith`,
      max: 1,
      maxIdle: 1,
      lifetimeSeconds: 60,
      idleSeconds: 60,
      acquireTimeoutMs: 2000,
    })
    const connection = await pool.acquire()
    await expect(connection.client.query('select 1')).rejects.toThrow('not queryable')
    connection.release()
    expect(pool.figures()).toEqual({ total: 0, idle: 0, waiting: 0 })
  })
})
