-- Roles live in the cluster, not in the database: `npm run db:provision` makes them (or the embedded server at its
-- first start). Without them the grants below could not be written, so say it before anything is changed.
DO $$
BEGIN
  IF (SELECT count(*) FROM pg_roles WHERE rolname IN ('kith_app', 'kith_keys', 'kith_system')) < 3 THEN
    RAISE EXCEPTION 'the roles kith_app, kith_keys and kith_system do not exist on this server'
      USING HINT = 'run: ADMIN_DATABASE_URL=postgresql://… npm run db:provision';
  END IF;
END
$$;

-- All three are trusted extensions: the owner of the database may create them without being a superuser.
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS btree_gin WITH SCHEMA public;

-- The tenant of the running transaction. It raises 42704 when none is set and 22P02 when it is empty, so a forgotten
-- tenant is an error and never an empty answer. STABLE: declared IMMUTABLE the first tenant would be frozen into plans.
CREATE FUNCTION app_tenant() RETURNS uuid
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN current_setting('app.tenant_id')::uuid;

-- Text as it is compared: compatibility form, without accents, in small letters. The dictionary is named, which makes
-- the expression immutable; plain unaccent(text) is refused in a generated column (42P17).
CREATE FUNCTION kith_fold(value text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT lower(public.unaccent('public.unaccent', normalize(value, NFKC))) $$;

-- The parts of a name in reading order, NULL when there are none. concat_ws is only STABLE, hence this function.
CREATE FUNCTION kith_full_name(first_name text, middle_name text, last_name text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$
    SELECT nullif(btrim(
      coalesce(first_name, '') ||
      CASE WHEN middle_name <> '' THEN ' ' || middle_name ELSE '' END ||
      CASE WHEN last_name <> '' THEN ' ' || last_name ELSE '' END
    ), '')
  $$;

-- Wall 2, written once: what each role may do with a table of tenants' rows.
--   kith_app     every row of its tenant, to read and to write
--   kith_keys  ids and order keys of all tenants (`search_columns`); the pool compares the tenants of what it returns
--   kith_system  what must be known before a tenant is (`system_columns`)
-- A partition needs its own policies: call it for each. `tenant_column` is `id` for the table of tenants itself.
CREATE FUNCTION kith_protect_table(
  table_name regclass, search_columns text[], system_columns text[] DEFAULT '{}', tenant_column text DEFAULT 'tenant_id'
) RETURNS void
  LANGUAGE plpgsql
  AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', table_name);
  EXECUTE format('REVOKE ALL ON %s FROM PUBLIC, kith_app, kith_keys, kith_system', table_name);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO kith_app', table_name);
  -- No sub-select around app_tenant(): a sharded cluster refuses sub-selects in policies.
  EXECUTE format(
    'CREATE POLICY kith_app_tenant ON %1$s TO kith_app USING (%2$I = app_tenant()) WITH CHECK (%2$I = app_tenant())',
    table_name, tenant_column);
  IF cardinality(search_columns) > 0 THEN
    EXECUTE format('GRANT SELECT (%s) ON %s TO kith_keys',
      (SELECT string_agg(quote_ident(name), ', ') FROM unnest(search_columns) AS name), table_name);
    EXECUTE format('CREATE POLICY kith_search_all ON %s FOR SELECT TO kith_keys USING (true)', table_name);
  END IF;
  IF cardinality(system_columns) > 0 THEN
    EXECUTE format('GRANT SELECT (%s) ON %s TO kith_system',
      (SELECT string_agg(quote_ident(name), ', ') FROM unnest(system_columns) AS name), table_name);
    EXECUTE format('CREATE POLICY kith_system_all ON %s FOR SELECT TO kith_system USING (true)', table_name);
  END IF;
END
$$;

-- Functions are executable by everyone unless that is taken away; only migrations call this one.
REVOKE ALL ON FUNCTION kith_protect_table(regclass, text[], text[], text) FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO kith_app, kith_keys, kith_system;
