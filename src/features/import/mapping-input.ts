import type { Scope } from '../../access/scope.js'
import type { ColumnTarget, Mapping } from '../../files/mapping.js'
import type { UserError } from '../../lib/errors.js'
import type { Given } from '../../lib/input.js'
import { startImport, type StartImportInput, type StartImportResult } from './import.service.js'
import type { ImportFileOptions } from './import.js'

/** Where a column belongs, as the API takes it. */
export interface ImportColumnInput {
  readonly column: string
  readonly key?: Given<string>
  readonly dateOrder?: Given<'DMY' | 'MDY' | 'YMD'>
  readonly decimalSeparator?: Given<string>
  readonly timeZone?: Given<string>
  readonly emptyClears?: Given<boolean>
  readonly values?: Given<readonly { readonly cell: string; readonly value: string }[]>
  readonly with?: Given<readonly { readonly field: string; readonly value: string }[]>
}

/** A value of every row, as the API takes it. */
export interface ImportConstantInput {
  readonly key: string
  readonly value: string
}

/** The mapping that an input says; of two entries of one column the last one counts. */
function mappingOf(columns: readonly ImportColumnInput[], constants: Given<readonly ImportConstantInput[]>): Mapping {
  return {
    columns: Object.fromEntries(columns.map((one) => [one.column, targetOf(one)])),
    values: Object.fromEntries((constants ?? []).map(({ key, value }) => [key, value])),
  }
}

function targetOf({ key, column: _, values, with: more, ...options }: ImportColumnInput): ColumnTarget | null {
  if (key === null || key === undefined) return null
  const given = Object.entries(options).filter(([, value]) => value !== null && value !== undefined)
  return {
    key,
    ...(Object.fromEntries(given) as object),
    ...(values ? { values: Object.fromEntries(values.map(({ cell, value }) => [cell, value])) } : {}),
    ...(more ? { with: Object.fromEntries(more.map(({ field, value }) => [field, value])) } : {}),
  }
}

/** A problem of a mapping at its place in the input: of column `E-mail` at that column's entry. */
function atInput(
  error: UserError,
  columns: readonly ImportColumnInput[],
  constants: Given<readonly ImportConstantInput[]>,
): UserError {
  const [first, part, name, ...more] = error.field
  if (first !== 'mapping') return error
  if (part === 'columns' && name !== undefined) {
    const index = columns.findLastIndex(({ column }) => column === name)
    return { ...error, field: ['mapping', String(index), ...(more.length > 0 ? more : ['key'])] }
  }
  if (part === 'values' && name !== undefined) {
    const index = (constants ?? []).findLastIndex(({ key }) => key === name)
    return { ...error, field: ['constants', String(index), 'key'] }
  }
  return { ...error, field: ['mapping'] }
}

/** How bytes are read, as the API says it: its enums have no hyphens. */
export function fileOptionsOf(
  given: Given<{
    readonly format?: Given<ImportFileOptions['format']>
    readonly encoding?: Given<string>
    readonly separator?: Given<string>
    readonly headerRow?: Given<number>
  }>,
): ImportFileOptions {
  const { format, encoding, separator, headerRow } = given ?? {}
  return {
    ...(format ? { format } : {}),
    ...(encoding ? { encoding: encoding.replaceAll('_', '-') as NonNullable<ImportFileOptions['encoding']> } : {}),
    ...(separator === null || separator === undefined ? {} : { separator }),
    ...(headerRow === null || headerRow === undefined ? {} : { headerRow }),
  }
}

/** What the API takes to begin an import. */
export interface BeginImportInput extends Omit<StartImportInput, 'file' | 'mapping'> {
  readonly file?: Parameters<typeof fileOptionsOf>[0]
  readonly mapping: readonly ImportColumnInput[]
  readonly constants?: Given<readonly ImportConstantInput[]>
}

/** Begins an import; problems of its mapping stand at their places in the input. */
export async function beginImport(
  scope: Scope,
  services: Parameters<typeof startImport>[1],
  { file, mapping, constants, ...input }: BeginImportInput,
): Promise<StartImportResult> {
  const asked = { ...input, file: fileOptionsOf(file), mapping: mappingOf(mapping, constants) }
  const result = await startImport(scope, services, asked)
  return { ...result, userErrors: result.userErrors.map((error) => atInput(error, mapping, constants)) }
}
