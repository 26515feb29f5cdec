/** @typedef {Record<string, (params: any) => Promise<any>>} Engine */

// The engine's own words when two methods look for the schema that the migrations make, and nobody computed it before.
const NOT_CACHED = 'must be provided through an external factory'
const EMPTY_DIFF = /^\s*(-- This is an empty migration\.\s*)?$/
const PARTIAL_INDEX = /^[ \t]*@@(?:index|unique)\(.*\bwhere:.*$/gm

/**
 * The engine with what `migrate dev` needs mended. It reads the database of the existing migrations without the preview
 * features of the schema, so partial indexes look new each time, and a migration would make them twice: the script
 * comes from `diff`, which knows them, and the look for lost data leaves them out on both sides.
 * @param {Engine} engine
 * @returns {Engine}
 */
export function repairEngine(engine) {
  /** @param {any} params @param {() => Promise<any>} call */
  const withMigratedSchema = async (params, call) => {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes(NOT_CACHED)) throw error
      const { migrationsList, filters } = params
      await engine.diagnoseMigrationHistory({ migrationsList, filters, optInToShadowDatabase: true })
      return call()
    }
  }
  const repaired = {
    /** @param {any} params */
    async createMigration(params) {
      const created = await withMigratedSchema(params, () => engine.createMigration(params))
      const { stdout } = await engine.diff({
        from: { tag: 'migrations', ...params.migrationsList },
        to: { tag: 'schemaDatamodel', ...params.schema },
        script: true,
        exitCode: null,
        filters: params.filters,
      })
      const isEmpty = EMPTY_DIFF.test(stdout ?? '')
      const empty = params.draft ? '-- This is an empty migration.\n' : null
      return { ...created, migrationScript: isEmpty ? empty : stdout }
    },
    /** @param {any} params */
    evaluateDataLoss(params) {
      const files = params.schema.files.map((/** @type {any} */ file) => ({
        ...file,
        content: file.content.replace(PARTIAL_INDEX, ''),
      }))
      const plain = { ...params, schema: { ...params.schema, files } }
      return withMigratedSchema(plain, () => engine.evaluateDataLoss(plain))
    },
  }
  return new Proxy(engine, {
    get(target, name) {
      if (name in repaired) return repaired[/** @type {keyof typeof repaired} */ (name)]
      const value = target[String(name)]
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
