import type { Resolvers } from '../../generated/graphql.js'
import type { MutationResult } from '../../records/mutation.js'
import { recordPayload } from '../../records/record.resolvers.js'
import type { CustomFieldDefinitionRow } from './custom-field.columns.js'
import * as life from './definition-life.service.js'
import { mergeCustomFieldOption } from './option-merge.service.js'
import * as service from './definition.service.js'
import { plainValue } from './custom-value.input.js'

const payload = recordPayload<'customFieldDefinition', CustomFieldDefinitionRow>('customFieldDefinition')

/** The definitions of custom fields: queries, mutations and their payloads. */
export const definitionResolvers = {
  Query: {
    customFieldDefinitions: (_, { entityType, includeArchived }, { loaders }) =>
      includeArchived
        ? loaders.customFieldsByEntityType.load(entityType)
        : loaders.customFieldsInUseByEntityType.load(entityType),
    customFieldDefinition: (_, { id }, { loaders }) => loaders.customFieldDefinitionById.load(id),
  },
  Mutation: {
    createCustomFieldDefinition: (_, { input }, { scope, services }) =>
      service.createDefinition(scope, services, input),
    updateCustomFieldDefinition: (_, { input }, { scope, services }) =>
      service.changeDefinition(scope, services, input),
    moveCustomFieldDefinition: (_, { input }, { scope, services }) => life.moveDefinition(scope, services, input),
    archiveCustomFieldDefinition: (_, { input }, { scope, services }) => life.archiveDefinition(scope, services, input),
    restoreCustomFieldDefinition: (_, { input }, { scope, services }) => life.restoreDefinition(scope, services, input),
    deleteCustomFieldDefinition: (_, { input }, { scope, services }) => life.deleteDefinition(scope, services, input),
    mergeCustomFieldOption: (_, { input }, { scope, services }) => mergeCustomFieldOption(scope, services, input),
  },
  MergeCustomFieldOptionPayload: payload,
  CreateCustomFieldDefinitionPayload: payload,
  UpdateCustomFieldDefinitionPayload: payload,
  MoveCustomFieldDefinitionPayload: payload,
  ArchiveCustomFieldDefinitionPayload: payload,
  RestoreCustomFieldDefinitionPayload: payload,
  DeleteCustomFieldDefinitionPayload: { deletedId: ({ id }: MutationResult) => id },
  CustomFieldDefinition: {
    constraints: ({ constraints }) => ({ ...constraints, currencies: [...(constraints.currencies ?? [])] }),
    change: ({ changeState, change }) => changeState && change && { ...change, state: changeState },
    defaultValue: ({ defaultValue }) => defaultValue && plainValue(defaultValue),
  },
} satisfies Resolvers
