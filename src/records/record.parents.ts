import type { UserError } from '../lib/errors.js'

// What the resolvers of the API's types get as their parents: `<type of the API>Parent`. codegen.ts reads the names.
export type UserErrorParent = UserError
