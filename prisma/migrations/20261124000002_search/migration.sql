-- What search reads: one row a live contact or company with all words that it is found by. The application keeps the rows,
-- by one statement at the end of each write transaction: a sharded cluster refuses triggers.

-- The words of a text: folded, with one space between them. Every ASCII character that is no letter or digit parts words.
CREATE FUNCTION kith_words(value text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT btrim(regexp_replace(kith_spaced(kith_fold(value)), ' +', ' ', 'g')) $$;

-- The words of a text as one word, where it has several: O'Brien is also found as obrien.
CREATE FUNCTION kith_joined(value text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT CASE WHEN kith_words(value) LIKE '% %' THEN replace(kith_words(value), ' ', '') END $$;

-- Whether a text has Chinese, Japanese or Korean characters, which are written without spaces.
CREATE FUNCTION kith_is_cjk(value text) RETURNS boolean
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT value ~ '[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]' $$;

-- Every two neighbouring characters of such scripts, as words. A trigram index can't find two characters within a text,
-- but it finds a word of two.
CREATE FUNCTION kith_pairs(value text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$
    SELECT CASE WHEN kith_is_cjk(value) THEN (
      SELECT string_agg(pair, ' ' ORDER BY place)
      FROM generate_series(1, char_length(value) - 1) AS place, substr(value, place, 2) AS pair
      WHERE kith_is_cjk("left"(pair, 1)) AND kith_is_cjk("right"(pair, 1))
    ) END
  $$;

-- The words of an owner's contact info: local parts of e-mails, also as one word, and the digits of phone numbers. Domains
-- stay out: a fragment that all rows have (the "exa" of example.com) took 8 seconds to rank among 1,000,000.
CREATE FUNCTION kith_contact_info_words(tenant uuid, owner_type text, owner_id uuid) RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $$
    SELECT nullif(concat_ws(' ',
      (SELECT string_agg(concat_ws(' ', kith_words(local), kith_joined(local)), ' ' ORDER BY position, id)
        FROM email_addresses AS e, regexp_replace(e.email, '@[^@]*$', '') AS local
        WHERE e.tenant_id = tenant AND e.entity_type = owner_type AND e.entity_id = owner_id),
      (SELECT string_agg(ltrim(number_e164, '+'), ' ' ORDER BY position, id)
        FROM phone_numbers AS p
        WHERE p.tenant_id = tenant AND p.entity_type = owner_type AND p.entity_id = owner_id)
    ), '')
  $$;

-- What the live contacts of some ids are found by; of all when `ids` is NULL. The one place where this is said.
CREATE FUNCTION kith_contact_texts(tenant uuid, ids uuid[]) RETURNS TABLE (contact_id uuid, text text)
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $$
    SELECT c.id, ' ' || concat_ws(' ', named.words, kith_pairs(named.words),
        kith_contact_info_words(tenant, 'CONTACT', c.id)) || ' '
    FROM contacts AS c
    CROSS JOIN LATERAL (SELECT nullif(concat_ws(' ', kith_words(c.full_name), kith_joined(c.first_name),
      kith_joined(c.middle_name), kith_joined(c.last_name),
      -- Either name may come first, without a space between them.
      CASE WHEN kith_is_cjk(c.first_name) OR kith_is_cjk(c.last_name) THEN concat_ws(' ',
        replace(kith_words(concat(c.last_name, c.first_name)), ' ', ''),
        replace(kith_words(concat(c.first_name, c.last_name)), ' ', '')) END
    ), '') AS words) AS named
    WHERE c.tenant_id = tenant AND (ids IS NULL OR c.id = ANY (ids)) AND c.deleted_at IS NULL
  $$;

-- The same of companies: names, contact info, and the labels of the domain but the last.
CREATE FUNCTION kith_company_texts(tenant uuid, ids uuid[]) RETURNS TABLE (company_id uuid, text text)
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $$
    SELECT c.id, ' ' || concat_ws(' ', named.words, kith_pairs(named.words),
        kith_contact_info_words(tenant, 'COMPANY', c.id), kith_words(labels), kith_joined(labels)) || ' '
    FROM companies AS c
    CROSS JOIN LATERAL (SELECT nullif(concat_ws(' ', kith_words(c.name), kith_joined(c.name),
      kith_words(c.legal_name), kith_joined(c.legal_name)), '') AS words) AS named
    CROSS JOIN LATERAL regexp_replace(c.domain, '[.][^.]*$', '') AS labels
    WHERE c.tenant_id = tenant AND (ids IS NULL OR c.id = ANY (ids)) AND c.deleted_at IS NULL
  $$;

CREATE TABLE contact_search (
  tenant_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  text text COLLATE "C" NOT NULL,
  CONSTRAINT contact_search_pkey PRIMARY KEY (tenant_id, contact_id),
  CONSTRAINT contact_search_contact_fkey FOREIGN KEY (tenant_id, contact_id)
    REFERENCES contacts (tenant_id, id) ON DELETE CASCADE ON UPDATE RESTRICT
);
CREATE TABLE company_search (
  tenant_id uuid NOT NULL,
  company_id uuid NOT NULL,
  text text COLLATE "C" NOT NULL,
  CONSTRAINT company_search_pkey PRIMARY KEY (tenant_id, company_id),
  CONSTRAINT company_search_company_fkey FOREIGN KEY (tenant_id, company_id)
    REFERENCES companies (tenant_id, id) ON DELETE CASCADE ON UPDATE RESTRICT
);
SELECT kith_protect_table('contact_search', '{tenant_id,contact_id,text}');
SELECT kith_protect_table('company_search', '{tenant_id,company_id,text}');

-- The rows of records that are there already. Migrations run as the owner, whom no policy binds.
INSERT INTO contact_search (tenant_id, contact_id, text)
SELECT tenants.id, found.contact_id, found.text FROM tenants CROSS JOIN LATERAL kith_contact_texts(tenants.id, NULL) AS found;
INSERT INTO company_search (tenant_id, company_id, text)
SELECT tenants.id, found.company_id, found.text FROM tenants CROSS JOIN LATERAL kith_company_texts(tenants.id, NULL) AS found;

-- Parts of words and words spelt alike. Without fastupdate: a pending list makes searches four times as slow, and now and
-- then a write wait for 100 ms.
CREATE INDEX idx_contact_search_text ON contact_search
  USING gin (tenant_id uuid_ops, text gin_trgm_ops) WITH (fastupdate = off);
CREATE INDEX idx_company_search_text ON company_search
  USING gin (tenant_id uuid_ops, text gin_trgm_ops) WITH (fastupdate = off);
