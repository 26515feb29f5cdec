-- Statistics of tenants. The planner knows how many rows a tenant has from the last ANALYZE of the table. Of one that came
-- later, where all tenants were counted, it believes that there is one row: then all indexes look alike and every join is
-- a nested loop over the whole tenant. 12,000 contacts by a part of a phone number took over 10 s.

-- Called by kith_keys before a statement that joins some tables: where one of them doesn't know the running tenant, the rest
-- of the transaction has plans for an average tenant (generic ones, whose parameters are unknown).
--
-- A tenant is known if it is among the most common ones, or if the rows of those that aren't come to ten or more a tenant. A
-- table without statistics is planned for an average one already. Only the owner may read statistics of tables under
-- row-level security, hence SECURITY DEFINER; nothing of them is returned.
CREATE FUNCTION kith_plan_unknown_tenant(tables text[]) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $$
    BEGIN
      IF EXISTS (
        SELECT FROM pg_stats AS s
        JOIN pg_class AS t ON t.relname = s.tablename AND t.relnamespace = s.schemaname::regnamespace
        CROSS JOIN LATERAL (SELECT 1 - sum(share) AS share FROM unnest(s.most_common_freqs) AS share) AS others
        WHERE s.schemaname = 'public' AND s.tablename = ANY (tables) AND s.attname = 'tenant_id'
          AND public.app_tenant()::text <> ALL (s.most_common_vals::text::text[])
          AND others.share * t.reltuples < 10 * greatest(
            CASE WHEN s.n_distinct < 0 THEN -s.n_distinct * t.reltuples ELSE s.n_distinct END - cardinality(s.most_common_freqs), 1)
      ) THEN
        PERFORM set_config('plan_cache_mode', 'force_generic_plan', true);
      END IF;
    END
  $$;
REVOKE ALL ON FUNCTION kith_plan_unknown_tenant(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kith_plan_unknown_tenant(text[]) TO kith_keys;

-- Autovacuum analyzes a table after changes to 10 % of its rows: of a million contacts a new tenant of 50,000 would stay
-- unknown. After 1,000 and 1 % it comes within a minute or so (autovacuum_naptime), and reads 30,000 rows at most.
ALTER TABLE contacts SET (autovacuum_analyze_scale_factor = 0.01, autovacuum_analyze_threshold = 1000);
ALTER TABLE companies SET (autovacuum_analyze_scale_factor = 0.01, autovacuum_analyze_threshold = 1000);
ALTER TABLE email_addresses SET (autovacuum_analyze_scale_factor = 0.01, autovacuum_analyze_threshold = 1000);
ALTER TABLE phone_numbers SET (autovacuum_analyze_scale_factor = 0.01, autovacuum_analyze_threshold = 1000);
ALTER TABLE addresses SET (autovacuum_analyze_scale_factor = 0.01, autovacuum_analyze_threshold = 1000);
ALTER TABLE social_media_accounts SET (autovacuum_analyze_scale_factor = 0.01, autovacuum_analyze_threshold = 1000);
ALTER TABLE custom_field_values SET (autovacuum_analyze_scale_factor = 0.01, autovacuum_analyze_threshold = 1000);
ALTER TABLE contact_search SET (autovacuum_analyze_scale_factor = 0.01, autovacuum_analyze_threshold = 1000);
ALTER TABLE company_search SET (autovacuum_analyze_scale_factor = 0.01, autovacuum_analyze_threshold = 1000);
