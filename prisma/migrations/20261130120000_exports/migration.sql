-- Exports that were asked for: what they list, and, once one has been read to its end, how many records it has and the hash
-- of its bytes. Kept for a day.
CREATE TABLE exports (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  created_by_id uuid,
  type text NOT NULL CONSTRAINT exports_type_check CHECK (type IN ('CONTACT', 'COMPANY')),
  format text NOT NULL CONSTRAINT exports_format_check CHECK (format IN ('CSV', 'NDJSON', 'VCARD')),
  arguments jsonb NOT NULL,
  status text NOT NULL CONSTRAINT exports_status_check CHECK (status IN ('READY', 'RUNNING', 'COMPLETED', 'FAILED')),
  row_count bigint,
  size_bytes bigint,
  sha256 text CONSTRAINT exports_sha256_check CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  started_at timestamptz(3),
  finished_at timestamptz(3),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT exports_created_by_fkey FOREIGN KEY (tenant_id, created_by_id) REFERENCES users (tenant_id, id)
    ON DELETE RESTRICT ON UPDATE RESTRICT
);
-- Those that are too old.
CREATE INDEX idx_exports_created_at ON exports (tenant_id, created_at);
CREATE INDEX idx_exports_created_by_fk ON exports (tenant_id, created_by_id) WHERE created_by_id IS NOT NULL;
SELECT kith_protect_table('exports', '{}');
