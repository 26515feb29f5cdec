import { createServer } from 'node:http'
import pg from 'pg'
import { listen, poolOptions, tenantId } from './peer.mjs'
import { STATEMENTS } from './ceiling-statements.mjs'

const pool = new pg.Pool(poolOptions)

/** Answers with the one value of the one row, which is the whole answer as text. */
async function answer(body) {
  const { query, variables } = JSON.parse(body)
  const { text, values } = STATEMENTS[query]
  const config = { name: query, text, values: [tenantId, ...values(variables)], rowMode: 'array' }
  const { rows } = await pool.query(config)
  return rows[0][0]
}

const server = createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    answer(Buffer.concat(chunks).toString()).then(
      (text) => {
        const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
        response.writeHead(200, headers).end(text)
      },
      (error) => response.writeHead(500).end(String(error)),
    )
  })
})
listen(server)
