-- Search rows of many records are merged into their index at once. The index keeps new entries in a list, which is merged when an
-- insert finds it above `gin_pending_list_limit`: with 64 kB after every 50 rows or so, which is right for single writes, whose
-- searches read the list as well. Of 1,000 rows in one statement that was 190 to 260 ms; merged once 90. The limit was a parameter of the
-- index, which no statement can change; now the functions that write the rows, and only they do, set it: high for all rows
-- of a large call but the last, whose insert then finds the list above 64 kB and merges all of it.
ALTER INDEX idx_contact_search_text RESET (gin_pending_list_limit);
ALTER INDEX idx_company_search_text RESET (gin_pending_list_limit);

-- Rewrites the search rows of some contacts: those whose text differs, and removes those of deleted ones (those of destroyed ones go by
-- their foreign key). With the generic plan the tenant's share of a table, which statistics may not know yet, plays no part.
CREATE OR REPLACE FUNCTION kith_refresh_contact_search(tenant uuid, ids uuid[]) RETURNS void
  LANGUAGE plpgsql VOLATILE
  SET plan_cache_mode = force_generic_plan
  SET gin_pending_list_limit = '64kB'
  AS $$
    DECLARE
      owners uuid[];
      texts text[];
    BEGIN
      DELETE FROM contact_search AS s USING contacts AS c
      WHERE c.tenant_id = tenant AND c.id = ANY (ids) AND c.deleted_at IS NOT NULL AND s.tenant_id = tenant AND s.contact_id = c.id;
      IF cardinality(ids) < 64 THEN
        INSERT INTO contact_search AS stored (tenant_id, contact_id, text)
        SELECT tenant, fresh.contact_id, fresh.text FROM kith_contact_texts(tenant, ids) AS fresh
        ON CONFLICT (tenant_id, contact_id) DO UPDATE SET text = excluded.text WHERE stored.text <> excluded.text;
        RETURN;
      END IF;
      SELECT array_agg(fresh.contact_id), array_agg(fresh.text) INTO owners, texts
      FROM kith_contact_texts(tenant, ids) AS fresh
      LEFT JOIN contact_search AS stored ON stored.tenant_id = tenant AND stored.contact_id = fresh.contact_id
      WHERE stored.text IS DISTINCT FROM fresh.text;
      PERFORM set_config('gin_pending_list_limit', '64MB', true);
      INSERT INTO contact_search AS stored (tenant_id, contact_id, text)
      SELECT tenant, r.owner, r.text FROM unnest(trim_array(owners, 1), trim_array(texts, 1)) AS r (owner, text)
      ON CONFLICT (tenant_id, contact_id) DO UPDATE SET text = excluded.text WHERE stored.text <> excluded.text;
      PERFORM set_config('gin_pending_list_limit', '64kB', true);
      INSERT INTO contact_search AS stored (tenant_id, contact_id, text)
      SELECT tenant, r.owner, r.text FROM unnest(owners[cardinality(owners):], texts[cardinality(texts):]) AS r (owner, text)
      ON CONFLICT (tenant_id, contact_id) DO UPDATE SET text = excluded.text WHERE stored.text <> excluded.text;
    END
  $$;

-- Rewrites the search rows of some companies: those whose text differs, and removes those of deleted ones (those of destroyed ones go by
-- their foreign key). With the generic plan the tenant's share of a table, which statistics may not know yet, plays no part.
CREATE OR REPLACE FUNCTION kith_refresh_company_search(tenant uuid, ids uuid[]) RETURNS void
  LANGUAGE plpgsql VOLATILE
  SET plan_cache_mode = force_generic_plan
  SET gin_pending_list_limit = '64kB'
  AS $$
    DECLARE
      owners uuid[];
      texts text[];
    BEGIN
      DELETE FROM company_search AS s USING companies AS c
      WHERE c.tenant_id = tenant AND c.id = ANY (ids) AND c.deleted_at IS NOT NULL AND s.tenant_id = tenant AND s.company_id = c.id;
      IF cardinality(ids) < 64 THEN
        INSERT INTO company_search AS stored (tenant_id, company_id, text)
        SELECT tenant, fresh.company_id, fresh.text FROM kith_company_texts(tenant, ids) AS fresh
        ON CONFLICT (tenant_id, company_id) DO UPDATE SET text = excluded.text WHERE stored.text <> excluded.text;
        RETURN;
      END IF;
      SELECT array_agg(fresh.company_id), array_agg(fresh.text) INTO owners, texts
      FROM kith_company_texts(tenant, ids) AS fresh
      LEFT JOIN company_search AS stored ON stored.tenant_id = tenant AND stored.company_id = fresh.company_id
      WHERE stored.text IS DISTINCT FROM fresh.text;
      PERFORM set_config('gin_pending_list_limit', '64MB', true);
      INSERT INTO company_search AS stored (tenant_id, company_id, text)
      SELECT tenant, r.owner, r.text FROM unnest(trim_array(owners, 1), trim_array(texts, 1)) AS r (owner, text)
      ON CONFLICT (tenant_id, company_id) DO UPDATE SET text = excluded.text WHERE stored.text <> excluded.text;
      PERFORM set_config('gin_pending_list_limit', '64kB', true);
      INSERT INTO company_search AS stored (tenant_id, company_id, text)
      SELECT tenant, r.owner, r.text FROM unnest(owners[cardinality(owners):], texts[cardinality(texts):]) AS r (owner, text)
      ON CONFLICT (tenant_id, company_id) DO UPDATE SET text = excluded.text WHERE stored.text <> excluded.text;
    END
  $$;
