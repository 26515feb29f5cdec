import type { Resolvers } from '../../generated/graphql.js'
import { recordPayload } from '../../records/record.resolvers.js'
import type { CustomFieldDefinitionRow } from './custom-field.columns.js'
import { planFieldChange } from './field-change-plan.service.js'
import { applyFieldChange, undoFieldChange } from './field-change.service.js'

const payload = recordPayload<'customFieldDefinition', CustomFieldDefinitionRow>('customFieldDefinition')

/** Changes of a field's type: their plan, what applies and undoes them, and how far they came. */
export const fieldChangeResolvers = {
  Mutation: {
    planCustomFieldChange: (_, { input }, { scope, services }) => planFieldChange(scope, services, input),
    applyCustomFieldChange: (_, { input }, { scope, services }) => applyFieldChange(scope, services, input),
    undoCustomFieldChange: (_, { input }, { scope, services }) => undoFieldChange(scope, services, input),
  },
  ApplyCustomFieldChangePayload: payload,
  UndoCustomFieldChangePayload: payload,
  CustomFieldChange: {
    state: ({ state }) => state,
    // Nobody sees the field that is being filled.
    replaced: ({ state, otherId }, _, { loaders }) =>
      state === 'DONE' ? loaders.customFieldDefinitionById.load(otherId) : null,
  },
} satisfies Resolvers
