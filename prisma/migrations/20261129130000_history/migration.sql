-- What a server counts of itself, minute by minute for 14 days and hour by hour for 400. It is no tenant's, hence in a schema
-- of its own, which kith_system alone reads; it writes through the two functions below alone.
DROP SCHEMA IF EXISTS kith_history CASCADE;
CREATE SCHEMA kith_history;
GRANT USAGE ON SCHEMA kith_history TO kith_system;

-- One row for each process, kind and name of a minute; and one of the kind `process` for each process that ran: where there
-- is none, nothing is known of the minute. `cells` are those of a histogram that hold durations, `counts` how many.
CREATE TABLE kith_history.minutes (
  at timestamptz NOT NULL,
  process text NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  count bigint NOT NULL,
  failed bigint NOT NULL,
  total_ms float8 NOT NULL,
  max_ms float8 NOT NULL,
  rows bigint NOT NULL,
  cells int[] NOT NULL,
  counts bigint[] NOT NULL,
  PRIMARY KEY (at, process, kind, name)
) PARTITION BY RANGE (at);

-- The same of all processes together. Rows of the kind `gauge` have a value in total_ms: rows and bytes of tables.
CREATE TABLE kith_history.hours (LIKE kith_history.minutes, PRIMARY KEY (at, kind, name)) PARTITION BY RANGE (at);
ALTER TABLE kith_history.hours DROP COLUMN process;
CREATE INDEX idx_history_hours_name ON kith_history.hours (kind, name, at);
CREATE INDEX idx_history_minutes_name ON kith_history.minutes (kind, name, at);
GRANT SELECT ON kith_history.minutes, kith_history.hours TO kith_system;

-- Makes the partition of a table that a moment falls into: a day of minutes, a month of hours, by UTC.
CREATE FUNCTION kith_history.make_partition(parent text, unit text, at timestamptz) RETURNS void
  LANGUAGE plpgsql VOLATILE
  SET search_path = pg_catalog, pg_temp
  AS $$
    DECLARE
      since timestamptz := date_trunc(unit, at, 'UTC');
      name text := format('%s_%s', parent, to_char(since AT TIME ZONE 'UTC', 'YYYYMMDD'));
      before timestamptz := ((since AT TIME ZONE 'UTC') + ('1 ' || unit)::interval) AT TIME ZONE 'UTC';
    BEGIN
      IF to_regclass('kith_history.' || name) IS NULL THEN
        EXECUTE format('CREATE TABLE kith_history.%I PARTITION OF kith_history.%I FOR VALUES FROM (%L) TO (%L)', name, parent, since, before);
      END IF;
    END
  $$;

-- Drops the partitions of a table that end before a moment; returns how many.
CREATE FUNCTION kith_history.drop_partitions(parent text, unit text, before timestamptz) RETURNS int
  LANGUAGE plpgsql VOLATILE
  SET search_path = pg_catalog, pg_temp
  AS $$
    DECLARE
      name text;
      dropped int := 0;
    BEGIN
      FOR name IN
        SELECT c.relname FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
        WHERE i.inhparent = ('kith_history.' || parent)::regclass
          AND (to_timestamp(right(c.relname, 8) || ' UTC', 'YYYYMMDD TZ') AT TIME ZONE 'UTC' + ('1 ' || unit)::interval) AT TIME ZONE 'UTC' <= before
      LOOP
        EXECUTE format('DROP TABLE kith_history.%I', name);
        dropped := dropped + 1;
      END LOOP;
      RETURN dropped;
    END
  $$;

-- Keeps a minute of one process; false where another process writes at the moment. A minute that is there already stays.
CREATE FUNCTION kith_history.record(minute timestamptz, process text, entries jsonb) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $$
    BEGIN
      IF NOT pg_try_advisory_xact_lock(727410003) THEN
        RETURN false;
      END IF;
      PERFORM kith_history.make_partition('minutes', 'day', minute);
      INSERT INTO kith_history.minutes (at, process, kind, name, count, failed, total_ms, max_ms, rows, cells, counts)
      SELECT minute, record.process, e.kind, e.name, e.count, e.failed, e.total_ms, e.max_ms, e.rows, e.cells, e.counts
      FROM jsonb_to_recordset(entries) AS e (kind text, name text, count bigint, failed bigint, total_ms float8, max_ms float8,
        rows bigint, cells int[], counts bigint[])
      ON CONFLICT DO NOTHING;
      RETURN true;
    END
  $$;

-- Adds the minutes of each hour that has been over for ten minutes to one row for each kind and name, notes the size of the
-- tables in the running hour, and drops what is too old. Returns how many partitions went; null where another process is at it.
CREATE FUNCTION kith_history.tend(now timestamptz) RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $$
    DECLARE
      hour timestamptz;
    BEGIN
      IF NOT pg_try_advisory_xact_lock(727410003) THEN
        RETURN NULL;
      END IF;
      FOR hour IN
        SELECT DISTINCT date_trunc('hour', m.at, 'UTC') FROM kith_history.minutes AS m
        WHERE m.at > coalesce((SELECT max(h.at) + interval '59 minutes' FROM kith_history.hours AS h WHERE h.kind = 'process'), '-infinity')
          AND m.at < date_trunc('hour', now - interval '10 minutes', 'UTC')
        ORDER BY 1
      LOOP
        PERFORM kith_history.make_partition('hours', 'month', hour);
        INSERT INTO kith_history.hours (at, kind, name, count, failed, total_ms, max_ms, rows, cells, counts)
        SELECT hour, m.kind, m.name, sum(m.count), sum(m.failed), sum(m.total_ms), max(m.max_ms), sum(m.rows),
          coalesce(min(c.cells), '{}'), coalesce(min(c.counts), '{}')
        FROM kith_history.minutes AS m
        LEFT JOIN (
          SELECT kind, name, array_agg(cell ORDER BY cell) AS cells, array_agg(total ORDER BY cell) AS counts
          FROM (
            SELECT d.kind, d.name, u.cell, sum(u.count)::bigint AS total
            FROM kith_history.minutes AS d, unnest(d.cells, d.counts) AS u (cell, count)
            WHERE d.at >= hour AND d.at < hour + interval '1 hour' GROUP BY 1, 2, 3
          ) AS s GROUP BY 1, 2
        ) AS c ON c.kind = m.kind AND c.name = m.name
        WHERE m.at >= hour AND m.at < hour + interval '1 hour'
        GROUP BY m.kind, m.name
        ON CONFLICT DO NOTHING;
      END LOOP;
      hour := date_trunc('hour', now, 'UTC');
      PERFORM kith_history.make_partition('hours', 'month', hour);
      INSERT INTO kith_history.hours (at, kind, name, count, failed, total_ms, max_ms, rows, cells, counts)
      SELECT hour, 'gauge', g.name, 1, 0, g.value, g.value, 0, '{}', '{}'
      FROM (
        SELECT 'table.' || s.relname || '.rows' AS name, s.n_live_tup::float8 AS value FROM pg_stat_user_tables AS s WHERE s.schemaname = 'public'
        UNION ALL
        SELECT 'table.' || s.relname || '.bytes', pg_total_relation_size(s.relid)::float8 FROM pg_stat_user_tables AS s WHERE s.schemaname = 'public'
        UNION ALL
        SELECT 'database.bytes', pg_database_size(current_database())::float8
      ) AS g
      ON CONFLICT DO NOTHING;
      RETURN kith_history.drop_partitions('minutes', 'day', now - interval '14 days')
        + kith_history.drop_partitions('hours', 'month', now - interval '400 days');
    END
  $$;
REVOKE ALL ON FUNCTION kith_history.make_partition(text, text, timestamptz), kith_history.drop_partitions(text, text, timestamptz),
  kith_history.record(timestamptz, text, jsonb), kith_history.tend(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kith_history.record(timestamptz, text, jsonb), kith_history.tend(timestamptz) TO kith_system;
