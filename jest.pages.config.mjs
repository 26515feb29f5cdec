import base from './jest.config.mjs'

/**
 * The tests that open Kith's pages in headless Chromium. They fail where no browser is found.
 *
 * @type {import('jest').Config}
 */
export default {
  ...base,
  testMatch: ['<rootDir>/test/whole/pages/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  maxWorkers: 2,
}
