-- Files of rows that were uploaded to be imported. Their bytes lie in parts beside them: any server reads them, backups hold them,
-- and they go with their tenant. What is uploaded is there for some days.
CREATE TABLE import_files (
  tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  created_by_id uuid,
  name text NOT NULL,
  -- What the client said that there will be; null where it didn't.
  size_bytes bigint,
  received_bytes bigint NOT NULL DEFAULT 0,
  parts int NOT NULL DEFAULT 0,
  completed_at timestamptz(3),
  -- From when on it is removed with its parts.
  expires_at timestamptz(3) NOT NULL,
  CONSTRAINT import_files_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT import_files_created_by_fkey FOREIGN KEY (tenant_id, created_by_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT import_files_name_check CHECK (length(name) BETWEEN 1 AND 255),
  CONSTRAINT import_files_size_check CHECK (received_bytes >= 0 AND (size_bytes IS NULL OR received_bytes <= size_bytes))
);
SELECT kith_protect_table('import_files', '{}', '{tenant_id,id,expires_at}');
CREATE INDEX idx_import_files_expires_at ON import_files (tenant_id, expires_at, id);
-- The foreign key's own.
CREATE INDEX idx_import_files_created_by ON import_files (tenant_id, created_by_id) WHERE created_by_id IS NOT NULL;

CREATE TABLE import_file_parts (
  tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  file_id uuid NOT NULL,
  -- 0 for the first.
  number int NOT NULL,
  bytes bytea NOT NULL,
  CONSTRAINT import_file_parts_pkey PRIMARY KEY (tenant_id, file_id, number),
  CONSTRAINT import_file_parts_file_fkey FOREIGN KEY (tenant_id, file_id) REFERENCES import_files (tenant_id, id) ON DELETE CASCADE ON UPDATE RESTRICT
);
-- A part is read as a whole, once or twice: to compress it takes longer than to store it.
ALTER TABLE import_file_parts ALTER COLUMN bytes SET STORAGE EXTERNAL;
SELECT kith_protect_table('import_file_parts', '{}');

-- The rows of an import that were refused, with what was wrong with them.
CREATE TABLE import_failures (
  tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  job_id uuid NOT NULL,
  -- How many records come before it in the file.
  row_index bigint NOT NULL,
  -- The line in which it begins.
  line bigint NOT NULL,
  -- Its cells in the order of the file's columns.
  cells jsonb NOT NULL,
  -- Column (or null), code, message; at least one.
  errors jsonb NOT NULL,
  CONSTRAINT import_failures_pkey PRIMARY KEY (tenant_id, job_id, row_index),
  CONSTRAINT import_failures_job_fkey FOREIGN KEY (tenant_id, job_id) REFERENCES jobs (tenant_id, id) ON DELETE CASCADE ON UPDATE RESTRICT
);
SELECT kith_protect_table('import_failures', '{}');
