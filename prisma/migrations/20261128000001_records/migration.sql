-- Search rows are kept by the ids of what changed: functions whose plans are made once a connection (0.45 instead of 3 ms a
-- record), and which a sharded cluster can run too. The role that reads ids and order keys is called kith_keys; a database
-- that an earlier build made still says kith_search in the function that protects tables.
DO $$
BEGIN
  EXECUTE replace(pg_get_functiondef('kith_protect_table'::regproc), 'kith_search', 'kith_keys');
END
$$;

-- What the live contacts of some ids are found by, as before but by ids alone: `ids IS NULL OR …` would forbid the plan
-- that goes by the key.
CREATE OR REPLACE FUNCTION kith_contact_texts(tenant uuid, ids uuid[]) RETURNS TABLE (contact_id uuid, text text)
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $$
    SELECT c.id, ' ' || concat_ws(' ', nullif(named.words, ''),
      CASE WHEN named.is_cjk THEN kith_pairs(named.words) END, e.words, p.words) || ' '
    FROM contacts AS c
    CROSS JOIN LATERAL (
      SELECT kith_is_cjk(c.full_name_folded) AS is_cjk, concat_ws(' ', kith_split(c.full_name_folded),
        kith_joined(c.first_name_folded), kith_joined(c.middle_name_folded), kith_joined(c.last_name_folded),
        -- Either name may come first, without a space between them.
        CASE WHEN kith_is_cjk(c.full_name_folded) THEN
          replace(kith_spaced(concat(c.last_name_folded, c.first_name_folded)), ' ', '') || ' ' ||
          replace(kith_spaced(concat(c.first_name_folded, c.last_name_folded)), ' ', '') END
      ) AS words OFFSET 0
    ) AS named
    LEFT JOIN LATERAL (
      SELECT string_agg(concat_ws(' ', kith_split(local), kith_joined(local)), ' ' ORDER BY position, id) AS words
      FROM (
        SELECT position, id, regexp_replace(email_folded, '@[^@]*$', '') AS local FROM email_addresses
        WHERE tenant_id = tenant AND entity_type = 'CONTACT' AND entity_id = c.id OFFSET 0
      ) AS emails
    ) AS e ON true
    LEFT JOIN LATERAL (
      SELECT string_agg(ltrim(number_e164, '+'), ' ' ORDER BY position, id) AS words FROM phone_numbers
      WHERE tenant_id = tenant AND entity_type = 'CONTACT' AND entity_id = c.id
    ) AS p ON true
    WHERE c.tenant_id = tenant AND c.id = ANY (ids) AND c.deleted_at IS NULL
  $$;

-- The same of companies.
CREATE OR REPLACE FUNCTION kith_company_texts(tenant uuid, ids uuid[]) RETURNS TABLE (company_id uuid, text text)
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $$
    SELECT c.id, ' ' || concat_ws(' ', nullif(named.words, ''),
      CASE WHEN named.is_cjk THEN kith_pairs(named.words) END, e.words, p.words,
      kith_split(named.labels), kith_joined(named.labels)) || ' '
    FROM companies AS c
    CROSS JOIN LATERAL (
      SELECT kith_is_cjk(concat(c.name_folded, c.legal_name_folded)) AS is_cjk,
        concat_ws(' ', kith_split(c.name_folded), kith_joined(c.name_folded), kith_split(c.legal_name_folded),
          kith_joined(c.legal_name_folded)) AS words,
        regexp_replace(c.domain_folded, '[.][^.]*$', '') AS labels OFFSET 0
    ) AS named
    LEFT JOIN LATERAL (
      SELECT string_agg(concat_ws(' ', kith_split(local), kith_joined(local)), ' ' ORDER BY position, id) AS words
      FROM (
        SELECT position, id, regexp_replace(email_folded, '@[^@]*$', '') AS local FROM email_addresses
        WHERE tenant_id = tenant AND entity_type = 'COMPANY' AND entity_id = c.id OFFSET 0
      ) AS emails
    ) AS e ON true
    LEFT JOIN LATERAL (
      SELECT string_agg(ltrim(number_e164, '+'), ' ' ORDER BY position, id) AS words FROM phone_numbers
      WHERE tenant_id = tenant AND entity_type = 'COMPANY' AND entity_id = c.id
    ) AS p ON true
    WHERE c.tenant_id = tenant AND c.id = ANY (ids) AND c.deleted_at IS NULL
  $$;

-- Rewrites the search rows of some contacts: those whose text differs, and removes those of deleted ones (those of destroyed ones go by
-- their foreign key). With the generic plan
-- the tenant's share of a table, which statistics may not know yet, plays no part.
CREATE FUNCTION kith_refresh_contact_search(tenant uuid, ids uuid[]) RETURNS void
  LANGUAGE plpgsql VOLATILE
  SET plan_cache_mode = force_generic_plan
  AS $$
    BEGIN
      DELETE FROM contact_search AS s USING contacts AS c
      WHERE c.tenant_id = tenant AND c.id = ANY (ids) AND c.deleted_at IS NOT NULL AND s.tenant_id = tenant AND s.contact_id = c.id;
      INSERT INTO contact_search AS stored (tenant_id, contact_id, text)
      SELECT tenant, fresh.contact_id, fresh.text FROM kith_contact_texts(tenant, ids) AS fresh
      ON CONFLICT (tenant_id, contact_id) DO UPDATE SET text = excluded.text WHERE stored.text <> excluded.text;
    END
  $$;

-- Rewrites the search rows of some companies: those whose text differs, and removes those of deleted ones (those of destroyed ones go by
-- their foreign key). With the generic plan
-- the tenant's share of a table, which statistics may not know yet, plays no part.
CREATE FUNCTION kith_refresh_company_search(tenant uuid, ids uuid[]) RETURNS void
  LANGUAGE plpgsql VOLATILE
  SET plan_cache_mode = force_generic_plan
  AS $$
    BEGIN
      DELETE FROM company_search AS s USING companies AS c
      WHERE c.tenant_id = tenant AND c.id = ANY (ids) AND c.deleted_at IS NOT NULL AND s.tenant_id = tenant AND s.company_id = c.id;
      INSERT INTO company_search AS stored (tenant_id, company_id, text)
      SELECT tenant, fresh.company_id, fresh.text FROM kith_company_texts(tenant, ids) AS fresh
      ON CONFLICT (tenant_id, company_id) DO UPDATE SET text = excluded.text WHERE stored.text <> excluded.text;
    END
  $$;
