-- Full-text search finds records by the values of custom fields that say so.

-- The fields whose values are searched, 20 of a type of record at most.
CREATE INDEX idx_custom_field_definitions_searchable ON custom_field_definitions (tenant_id, entity_type, id)
  WHERE is_searchable AND archived_at IS NULL;
ALTER TABLE custom_field_definitions
  ADD CONSTRAINT custom_field_definitions_searchable_check CHECK (NOT is_searchable OR type IN ('TEXT', 'URL', 'EMAIL', 'PHONE'));
-- Addresses in them are looked up by the index of texts.
GRANT SELECT (is_searchable) ON custom_field_definitions TO kith_keys;

-- The words of a value: digits of a phone number, what stands before the @ of an address, a web address without `https://www.`,
-- its first 255 characters; CJK texts as pairs too.
CREATE FUNCTION kith_custom_words(type text, folded text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$
    SELECT CASE type
      WHEN 'PHONE' THEN ltrim(folded, '+')
      WHEN 'URL' THEN kith_split("left"(regexp_replace(folded, '^[a-z]+://(www[.])?', ''), 255))
      WHEN 'EMAIL' THEN concat_ws(' ', kith_split(regexp_replace(folded, '@[^@]*$', '')), kith_joined(regexp_replace(folded, '@[^@]*$', '')))
      ELSE concat_ws(' ', kith_split(folded), kith_joined(folded), CASE WHEN kith_is_cjk(folded) THEN kith_pairs(kith_split(folded)) END)
    END
  $$;

-- What the live contacts of some ids are found by: as before, and the words of their searchable custom fields.
CREATE OR REPLACE FUNCTION kith_contact_texts(tenant uuid, ids uuid[]) RETURNS TABLE (contact_id uuid, text text)
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $$
    SELECT c.id, ' ' || concat_ws(' ', nullif(named.words, ''),
      CASE WHEN named.is_cjk THEN kith_pairs(named.words) END, e.words, p.words, f.words) || ' '
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
    LEFT JOIN LATERAL (
      SELECT string_agg(kith_custom_words(d.type, v.text_value_folded), ' ' ORDER BY d.position, d.id) AS words
      FROM custom_field_definitions AS d
      JOIN custom_field_values AS v ON v.tenant_id = tenant AND v.definition_id = d.id AND v.entity_id = c.id
      WHERE d.tenant_id = tenant AND d.entity_type = 'CONTACT' AND d.is_searchable AND d.archived_at IS NULL
    ) AS f ON true
    WHERE c.tenant_id = tenant AND c.id = ANY (ids) AND c.deleted_at IS NULL
  $$;

-- The same of companies.
CREATE OR REPLACE FUNCTION kith_company_texts(tenant uuid, ids uuid[]) RETURNS TABLE (company_id uuid, text text)
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $$
    SELECT c.id, ' ' || concat_ws(' ', nullif(named.words, ''),
      CASE WHEN named.is_cjk THEN kith_pairs(named.words) END, e.words, p.words, f.words,
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
    LEFT JOIN LATERAL (
      SELECT string_agg(kith_custom_words(d.type, v.text_value_folded), ' ' ORDER BY d.position, d.id) AS words
      FROM custom_field_definitions AS d
      JOIN custom_field_values AS v ON v.tenant_id = tenant AND v.definition_id = d.id AND v.entity_id = c.id
      WHERE d.tenant_id = tenant AND d.entity_type = 'COMPANY' AND d.is_searchable AND d.archived_at IS NULL
    ) AS f ON true
    WHERE c.tenant_id = tenant AND c.id = ANY (ids) AND c.deleted_at IS NULL
  $$;

-- How custom fields are used: what processes count in memory and bring here now and then.
CREATE TABLE custom_field_usage (
  tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  definition_id uuid NOT NULL,
  filter_count bigint NOT NULL DEFAULT 0,
  filtered_at timestamptz(3),
  order_count bigint NOT NULL DEFAULT 0,
  ordered_at timestamptz(3),
  read_count bigint NOT NULL DEFAULT 0,
  read_at timestamptz(3),
  -- Deletions of values too, which leave no row to tell.
  written_at timestamptz(3),
  statement_count bigint NOT NULL DEFAULT 0,
  statement_ms double precision NOT NULL DEFAULT 0,
  CONSTRAINT custom_field_usage_pkey PRIMARY KEY (tenant_id, definition_id),
  CONSTRAINT custom_field_usage_definition_fkey FOREIGN KEY (tenant_id, definition_id)
    REFERENCES custom_field_definitions (tenant_id, id) ON DELETE CASCADE ON UPDATE RESTRICT
);
SELECT kith_protect_table('custom_field_usage', '{}');
