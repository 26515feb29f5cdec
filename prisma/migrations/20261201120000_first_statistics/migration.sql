-- Called by kith_system after rows were written: analyzes the smallest table of public that has rows and no statistics,
-- and returns its name; NULL where there is none, or where another process is at it. `done` are tables to pass over: those
-- that somebody has locked meanwhile (SKIP_LOCKED: nobody waits here), and those whose rows are all dead.
--
-- Autovacuum comes within a minute of 1,000 rows. Until then a tenant is thought to have one row of 200, and a filter
-- holds all rows against each other: 10,000 contacts that came by mutations made a count by a part of a custom text, and a
-- filter through companies and back, longer than 5 s; with statistics of the first 500 rows both take under 0.1 s, and at
-- 100,000 too. Only the owner may analyze and may read statistics of tables under row-level security, hence SECURITY
-- DEFINER; nothing of them is returned.
CREATE FUNCTION kith_analyze_new(done text[]) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $$
    DECLARE
      name text;
    BEGIN
      IF NOT pg_try_advisory_xact_lock(727410004) THEN
        RETURN NULL;
      END IF;
      SELECT t.relname INTO name FROM pg_class AS t
      WHERE t.relnamespace = 'public'::regnamespace AND t.relkind = 'r' AND pg_get_userbyid(t.relowner) = current_user
        AND pg_relation_size(t.oid) > 0 AND t.relname::text <> ALL (done)
        AND NOT EXISTS (SELECT FROM pg_stats AS s WHERE s.schemaname = 'public' AND s.tablename = t.relname)
      ORDER BY pg_relation_size(t.oid)
      LIMIT 1;
      IF name IS NOT NULL THEN
        EXECUTE format('ANALYZE (SKIP_LOCKED) public.%I', name);
      END IF;
      RETURN name;
    END
  $$;
REVOKE ALL ON FUNCTION kith_analyze_new(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kith_analyze_new(text[]) TO kith_system;
