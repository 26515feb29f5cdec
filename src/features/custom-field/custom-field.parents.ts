import type { CustomFieldDefinitionRow, FieldChange, FieldChangeState } from './custom-field.columns.js'
import type { CustomValueRow } from './custom-value.repository.js'
import type { DefinitionResult } from './definition.service.js'
import type { FieldChangePlanResult } from './field-change-plan.service.js'
import type { UsageOfField, UsageReport } from './field-usage.service.js'
import type { OptionMergeResult } from './option-merge.service.js'

/** A value with its definition, from which its fields are resolved. */
export type CustomFieldValueParent = { readonly definition: CustomFieldDefinitionRow; readonly row: CustomValueRow }

export type CustomTextValueParent = CustomFieldValueParent
export type CustomNumberValueParent = CustomFieldValueParent
export type CustomDecimalValueParent = CustomFieldValueParent
export type CustomDateValueParent = CustomFieldValueParent
export type CustomDateTimeValueParent = CustomFieldValueParent
export type CustomBooleanValueParent = CustomFieldValueParent
export type CustomOptionValueParent = CustomFieldValueParent
export type CustomOptionsValueParent = CustomFieldValueParent
export type CustomUrlValueParent = CustomFieldValueParent
export type CustomEmailValueParent = CustomFieldValueParent
export type CustomPhoneValueParent = CustomFieldValueParent
export type CustomCurrencyValueParent = CustomFieldValueParent

export type MergeCustomFieldOptionPayloadParent = OptionMergeResult

/** A change with how far it is. */
export type CustomFieldChangeParent = FieldChange & { readonly state: FieldChangeState }

export type CustomFieldUsageReportParent = UsageReport
export type CustomFieldUsageParent = UsageOfField

export type PlanCustomFieldChangePayloadParent = FieldChangePlanResult
export type ApplyCustomFieldChangePayloadParent = DefinitionResult
export type UndoCustomFieldChangePayloadParent = DefinitionResult
