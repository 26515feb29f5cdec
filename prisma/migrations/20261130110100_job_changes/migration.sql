-- What jobs did to which records, so that it can be taken back for 30 days; what those jobs are about that change everything a filter finds;
-- and which records a job refused or left as they are.

-- One row a job and record, however often the job changed it. `before` has the values that the record had before the job: of columns
-- those that changed, of contact info all rows of the kinds that changed, of custom fields the values that changed.
CREATE TABLE job_changes (
  tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  job_id uuid NOT NULL,
  entity_type text NOT NULL,
  entity_id uuid NOT NULL,
  action text NOT NULL,
  before jsonb NOT NULL,
  -- The version that the job left. A record that has it still is as the job left it.
  version int NOT NULL,
  -- Whether somebody else changed the record between two changes of the job.
  is_mixed boolean NOT NULL DEFAULT false,
  undone_at timestamptz(3),
  CONSTRAINT job_changes_pkey PRIMARY KEY (tenant_id, job_id, entity_type, entity_id),
  CONSTRAINT job_changes_job_fkey FOREIGN KEY (tenant_id, job_id) REFERENCES jobs (tenant_id, id) ON DELETE CASCADE ON UPDATE RESTRICT,
  CONSTRAINT job_changes_entity_type_check CHECK (entity_type IN ('CONTACT', 'COMPANY')),
  CONSTRAINT job_changes_action_check CHECK (action IN ('CREATED', 'UPDATED', 'DELETED', 'RESTORED'))
);
-- Who cleans up looks for tenants with changes of old jobs: ids of jobs grow with time.
SELECT kith_protect_table('job_changes', '{}', '{tenant_id,job_id}');

-- The ids that a filter found when the job was confirmed, in their order, 500 a row.
CREATE TABLE job_targets (
  tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  job_id uuid NOT NULL,
  block int NOT NULL,
  ids uuid[] NOT NULL,
  CONSTRAINT job_targets_pkey PRIMARY KEY (tenant_id, job_id, block),
  CONSTRAINT job_targets_job_fkey FOREIGN KEY (tenant_id, job_id) REFERENCES jobs (tenant_id, id) ON DELETE CASCADE ON UPDATE RESTRICT
);
SELECT kith_protect_table('job_targets', '{}', '{tenant_id,job_id}');

-- The records that a job refused, or left as they are, and why.
CREATE TABLE job_problems (
  tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  job_id uuid NOT NULL,
  entity_type text NOT NULL,
  entity_id uuid NOT NULL,
  code text NOT NULL,
  message text NOT NULL,
  CONSTRAINT job_problems_pkey PRIMARY KEY (tenant_id, job_id, entity_type, entity_id),
  CONSTRAINT job_problems_job_fkey FOREIGN KEY (tenant_id, job_id) REFERENCES jobs (tenant_id, id) ON DELETE CASCADE ON UPDATE RESTRICT,
  CONSTRAINT job_problems_entity_type_check CHECK (entity_type IN ('CONTACT', 'COMPANY'))
);
SELECT kith_protect_table('job_problems', '{}');
