import { register } from 'tsx/cjs/api'

// Jest loads the two global files with plain require(), outside its own resolver: tsx lets them import './name.js' too.
register()

// As `npm start` runs it. Otherwise graphql looks for a second copy of itself at every value: the walls took 74 s of CPU
// instead of 47.
process.env.NODE_ENV = 'production'

/**
 * The tests of the API and everything below it. `npm test` starts Node with --experimental-vm-modules: the generated
 * Prisma client and several dependencies are ES modules only.
 *
 * @type {import('jest').Config}
 */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test', '<rootDir>/src'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // The page tests need a browser: jest.pages.config.mjs. Those of plans need a large database: jest.plans.config.mjs.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/whole/pages/', '<rootDir>/test/whole/plans/'],
  extensionsToTreatAsEsm: ['.ts'],
  // No module type here: @swc/jest picks ES modules for tests and CommonJS for the two global files.
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } } }] },
  // Sources import './name.js', as Node will see them after the build; here the file is name.ts. The look-behind leaves libphonenumber-js's own `metadata.min.json.js` alone.
  moduleNameMapper: { '^(\\.{1,2}/.*)(?<!\\.json)\\.js$': '$1' },
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  globalSetup: '<rootDir>/test/setup/global-setup.ts',
  globalTeardown: '<rootDir>/test/setup/global-teardown.ts',
  testTimeout: 60_000,
  maxWorkers: 2,
  // Node keeps the modules of a test file after its end, some 40 MB each: a worker that has grown is replaced by a new one.
  workerIdleMemoryLimit: '1GB',
}
