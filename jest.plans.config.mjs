import base from './jest.config.mjs'

/**
 * The tests of plans: what PostgreSQL does for what the API sends, in a database of hundreds of thousands of rows, which
 * the first run builds in some minutes and later ones use again.
 *
 * @type {import('jest').Config}
 */
export default {
  ...base,
  testMatch: ['<rootDir>/test/whole/plans/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: '<rootDir>/test/setup/global-plans-setup.ts',
  globalTeardown: '<rootDir>/test/setup/global-plans-teardown.ts',
  testTimeout: 120_000,
  maxWorkers: 2,
}
