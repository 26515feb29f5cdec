const JOB = `id kind status isCancelRequested rows { total read created updated unchanged skipped failed } error { code message }
  import { isDryRun readBytes errorFile failures(first: 20) { line errors { column code message } } }`
const USER_ERRORS = 'userErrors { code message field }'

/** What the page asks. */
export const QUERIES = {
  me: 'query ImportMe { me { role tenant { name } } }',
  preview: `query ImportPreview($input: ImportPreviewInput!) { importPreview(input: $input) {
    preview { format encoding separator keys columns { name samples key confidence declare with { field value } } } ${USER_ERRORS} } }`,
  start: `mutation StartImport($input: StartImportInput!) { startImport(input: $input) { job { ${JOB} } ${USER_ERRORS} } }`,
  job: `query ImportJob($id: ID!) { job(id: $id) { ${JOB} } }`,
  cancel: `mutation CancelImport($id: ID!) { cancelJob(input: { id: $id }) { ${USER_ERRORS} } }`,
  undoable: 'query UndoableImport($id: ID!) { job(id: $id) { undoableUntil } }',
  undo: `mutation UndoImport($id: ID!) { undoJob(input: { id: $id }) { job { ${JOB} } ${USER_ERRORS} } }`,
} as const
