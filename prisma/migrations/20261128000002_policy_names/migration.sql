-- kith_protect_table calls its policy kith_keys_all since the role has its name; those that were made before follow.
DO $$
DECLARE
  protected regclass;
BEGIN
  FOR protected IN SELECT polrelid::regclass FROM pg_policy WHERE polname = 'kith_search_all' LOOP
    EXECUTE format('ALTER POLICY kith_search_all ON %s RENAME TO kith_keys_all', protected);
  END LOOP;
END
$$;
