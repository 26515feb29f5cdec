-- What a tenant's own requests and statements took, minute by minute for 14 days, for the tenant's ADMIN. It is the tenant's:
-- kith_app reads the rows of its tenant, and nobody writes but the function below.
DROP TABLE IF EXISTS kith_history.tenant_minutes CASCADE;
CREATE TABLE kith_history.tenant_minutes (
  tenant_id uuid NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  at timestamptz NOT NULL,
  process text NOT NULL,
  count bigint NOT NULL,
  failed bigint NOT NULL,
  total_ms float8 NOT NULL,
  max_ms float8 NOT NULL,
  rows bigint NOT NULL,
  cells int[] NOT NULL,
  counts bigint[] NOT NULL,
  PRIMARY KEY (tenant_id, kind, name, at, process)
) PARTITION BY RANGE (at);
ALTER TABLE kith_history.tenant_minutes ENABLE ROW LEVEL SECURITY;
CREATE POLICY kith_app_tenant ON kith_history.tenant_minutes TO kith_app
  USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant());
GRANT USAGE ON SCHEMA kith_history TO kith_app;
GRANT SELECT ON kith_history.tenant_minutes TO kith_app;

-- As before; entries with a tenant are that tenant's. Partitions of tenants' minutes go here, as they are made here.
CREATE OR REPLACE FUNCTION kith_history.record(minute timestamptz, process text, entries jsonb) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $$
    BEGIN
      IF NOT pg_try_advisory_xact_lock(727410003) THEN
        RETURN false;
      END IF;
      PERFORM kith_history.make_partition('minutes', 'day', minute);
      PERFORM kith_history.make_partition('tenant_minutes', 'day', minute);
      INSERT INTO kith_history.minutes (at, process, kind, name, count, failed, total_ms, max_ms, rows, cells, counts)
      SELECT minute, record.process, e.kind, e.name, e.count, e.failed, e.total_ms, e.max_ms, e.rows, e.cells, e.counts
      FROM jsonb_to_recordset(entries) AS e (tenant_id uuid, kind text, name text, count bigint, failed bigint, total_ms float8,
        max_ms float8, rows bigint, cells int[], counts bigint[])
      WHERE e.tenant_id IS NULL
      ON CONFLICT DO NOTHING;
      INSERT INTO kith_history.tenant_minutes
        (tenant_id, kind, name, at, process, count, failed, total_ms, max_ms, rows, cells, counts)
      SELECT e.tenant_id, e.kind, e.name, minute, record.process, e.count, e.failed, e.total_ms, e.max_ms, e.rows, e.cells, e.counts
      FROM jsonb_to_recordset(entries) AS e (tenant_id uuid, kind text, name text, count bigint, failed bigint, total_ms float8,
        max_ms float8, rows bigint, cells int[], counts bigint[])
      WHERE e.tenant_id IS NOT NULL
      ON CONFLICT DO NOTHING;
      PERFORM kith_history.drop_partitions('tenant_minutes', 'day', minute - interval '14 days');
      RETURN true;
    END
  $$;
