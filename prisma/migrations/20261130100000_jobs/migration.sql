-- Work on many rows that goes on after the request which asked for it: imports, changes of everything that a filter finds, exports.
-- Workers find due jobs of all tenants as kith_system, by the columns below, and do them as kith_app in the job's tenant.
CREATE TABLE jobs (
  tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  kind text NOT NULL,
  status text NOT NULL DEFAULT 'QUEUED',
  -- On whose behalf: null for a program. The role is the one of the request, or the user's own where that is less by now.
  created_by_id uuid,
  role text NOT NULL,
  -- The same request sent again finds its job by this.
  request_key text,
  -- What is to be done, as its handler reads it.
  options jsonb NOT NULL DEFAULT '{}',
  -- How far it is, as its handler reads it. It changes in the transaction of the rows that it counts.
  cursor jsonb,
  -- What the handler says of it when it has ended.
  result jsonb,
  -- Why it failed: code and message.
  error jsonb,
  -- Rows of the work, so far as they are known; and those that are done.
  total_rows bigint,
  read_rows bigint NOT NULL DEFAULT 0,
  created_rows bigint NOT NULL DEFAULT 0,
  updated_rows bigint NOT NULL DEFAULT 0,
  unchanged_rows bigint NOT NULL DEFAULT 0,
  skipped_rows bigint NOT NULL DEFAULT 0,
  failed_rows bigint NOT NULL DEFAULT 0,
  started_at timestamptz(3),
  finished_at timestamptz(3),
  cancel_requested_at timestamptz(3),
  -- Which worker has it, until when nobody else takes it, how often it was taken since it last came on.
  lease_id uuid,
  lease_until timestamptz(3),
  attempts int NOT NULL DEFAULT 0,
  CONSTRAINT jobs_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT jobs_created_by_fkey FOREIGN KEY (tenant_id, created_by_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT jobs_kind_check CHECK (kind ~ '^[A-Z][A-Z_]{0,31}$'),
  CONSTRAINT jobs_status_check CHECK (status IN ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED')),
  CONSTRAINT jobs_role_check CHECK (role IN ('ADMIN', 'MANAGER', 'MEMBER', 'VIEWER')),
  CONSTRAINT jobs_finished_check CHECK ((finished_at IS NULL) = (status IN ('QUEUED', 'RUNNING'))),
  CONSTRAINT jobs_error_check CHECK ((error IS NOT NULL) = (status = 'FAILED')),
  CONSTRAINT jobs_request_key_check CHECK (length(request_key) BETWEEN 1 AND 255)
);
SELECT kith_protect_table('jobs', '{}', '{tenant_id,id,kind,status,lease_until}');

CREATE UNIQUE INDEX jobs_request_key_key ON jobs (tenant_id, kind, request_key) WHERE request_key IS NOT NULL;
-- The jobs of all tenants that aren't over.
CREATE INDEX idx_jobs_open ON jobs (tenant_id, id) WHERE status IN ('QUEUED', 'RUNNING');
-- The foreign key's own.
CREATE INDEX idx_jobs_created_by ON jobs (tenant_id, created_by_id) WHERE created_by_id IS NOT NULL;
