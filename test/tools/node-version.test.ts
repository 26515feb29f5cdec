import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from '@jest/globals'

const { problemOfNode } = (await import(pathToFileURL(resolve('tools/node-version.mjs')).href)) as {
  problemOfNode: (version: string) => string | undefined
}

test.each(['20.19.0', '20.20.2', '22.12.0', '22.99.0', '23.0.0', '24.1.0', '30.0.0'])('Node %s runs it', (version) => {
  expect(problemOfNode(version)).toBeUndefined()
})

test.each(['0.12.18', '16.20.2', '18.20.8', '19.9.0', '20.18.3', '21.7.3', '22.11.0'])(
  'Node %s does not',
  (version) => {
    expect(problemOfNode(version)).toBe(`Kith needs Node 20.19 or newer, or 22.12 or newer; this is ${version}.`)
  },
)

test('each tool looks at the version before it loads anything else', () => {
  for (const name of readdirSync('tools').filter((file) => file.endsWith('.mjs') && file !== 'node-version.mjs')) {
    const [, first] = /^import (?:[^']* from )?'([^']+)'$/m.exec(readFileSync(`tools/${name}`, 'utf8')) ?? []
    const checks = name === 'steps.mjs' ? ['./node-version.mjs'] : ['./node-version.mjs', './steps.mjs']
    expect({ name, first: checks.find((check) => check === first) }).toEqual({ name, first })
  }
})

test('so do the scripts that run a program of others on what is served or tested', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
  const names = ['dev', 'db:deploy', 'test', 'test:pages', 'test:plans', 'bench']
  const others = Object.entries(scripts).filter(([name]) => names.includes(name))
  expect(others.map(([name]) => name).sort()).toEqual(names.sort())
  expect(others.filter(([, script]) => !script.startsWith('node tools/node-version.mjs && '))).toEqual([])
})
