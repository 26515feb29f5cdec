-- What search reads: one row a live contact or company with all words that it is found by. The application keeps the rows,
-- by one statement at the end of each write transaction: a sharded cluster refuses triggers.

-- The words of a folded text, with one space between them. Every ASCII character that is no letter or digit parts words.
CREATE FUNCTION kith_split(folded text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT btrim(kith_spaced(folded)) $$;

-- The words of any text.
CREATE FUNCTION kith_words(value text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT kith_split(kith_fold(value)) $$;

-- The words of a folded text as one, where something parts them: o'brien is also found as obrien.
CREATE FUNCTION kith_joined(folded text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT CASE WHEN folded ~ '[\x01-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]' THEN replace(kith_spaced(folded), ' ', '') END $$;

-- Whether a text has Chinese, Japanese or Korean characters, which are written without spaces: the sign that repeats one
-- (佐々木) and the rare ones beyond 16 bits (𠮷) too.
CREATE FUNCTION kith_is_cjk(value text) RETURNS boolean
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT value ~ '[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]' $$;

-- Every two neighbouring characters of such scripts, as words. A trigram index can't find two characters within a text,
-- but it finds a word of two.
CREATE FUNCTION kith_pairs(value text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$
    SELECT string_agg(pair, ' ' ORDER BY place)
    FROM generate_series(1, char_length(value) - 1) AS place, substr(value, place, 2) AS pair
    WHERE kith_is_cjk("left"(pair, 1)) AND kith_is_cjk("right"(pair, 1))
  $$;

-- What the live contacts of some ids are found by; of all when `ids` is NULL. The one place where this is said: the words
-- of the names, names that fell into several words as one, CJK names in both orders and as pairs, local parts of e-mails
-- likewise, digits of phone numbers. Domains stay out: a fragment that all rows have (the "exa" of example.com) took 8
-- seconds to rank among 1,000,000. It reads the folded columns, which are folded already: 0.1 instead of 0.7 ms a row. OFFSET 0 keeps
-- the planner from putting an expression into each place that uses it. The tenant is a sub-select for the planner's sake: of a
-- tenant that is newer than the statistics it expects one row, so any index that begins with the tenant seems as good as
-- the key, and a load of 2,500 records read the e-mails of the whole tenant 2,500 times.
CREATE FUNCTION kith_contact_texts(tenant uuid, ids uuid[]) RETURNS TABLE (contact_id uuid, text text)
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
        WHERE tenant_id = (SELECT tenant) AND entity_type = 'CONTACT' AND entity_id = c.id OFFSET 0
      ) AS emails
    ) AS e ON true
    LEFT JOIN LATERAL (
      SELECT string_agg(ltrim(number_e164, '+'), ' ' ORDER BY position, id) AS words FROM phone_numbers
      WHERE tenant_id = (SELECT tenant) AND entity_type = 'CONTACT' AND entity_id = c.id
    ) AS p ON true
    WHERE c.tenant_id = (SELECT tenant) AND (ids IS NULL OR c.id = ANY (ids)) AND c.deleted_at IS NULL
  $$;

-- The same of companies, with the labels of the domain but the last.
CREATE FUNCTION kith_company_texts(tenant uuid, ids uuid[]) RETURNS TABLE (company_id uuid, text text)
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
        WHERE tenant_id = (SELECT tenant) AND entity_type = 'COMPANY' AND entity_id = c.id OFFSET 0
      ) AS emails
    ) AS e ON true
    LEFT JOIN LATERAL (
      SELECT string_agg(ltrim(number_e164, '+'), ' ' ORDER BY position, id) AS words FROM phone_numbers
      WHERE tenant_id = (SELECT tenant) AND entity_type = 'COMPANY' AND entity_id = c.id
    ) AS p ON true
    WHERE c.tenant_id = (SELECT tenant) AND (ids IS NULL OR c.id = ANY (ids)) AND c.deleted_at IS NULL
  $$;

CREATE TABLE contact_search (
  tenant_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  text text COLLATE "C" NOT NULL,
  start text COLLATE "C" GENERATED ALWAYS AS ("left"(text, 600)) STORED,
  CONSTRAINT contact_search_pkey PRIMARY KEY (tenant_id, contact_id),
  CONSTRAINT contact_search_contact_fkey FOREIGN KEY (tenant_id, contact_id)
    REFERENCES contacts (tenant_id, id) ON DELETE CASCADE ON UPDATE RESTRICT
);
CREATE TABLE company_search (
  tenant_id uuid NOT NULL,
  company_id uuid NOT NULL,
  text text COLLATE "C" NOT NULL,
  start text COLLATE "C" GENERATED ALWAYS AS ("left"(text, 600)) STORED,
  CONSTRAINT company_search_pkey PRIMARY KEY (tenant_id, company_id),
  CONSTRAINT company_search_company_fkey FOREIGN KEY (tenant_id, company_id)
    REFERENCES companies (tenant_id, id) ON DELETE CASCADE ON UPDATE RESTRICT
);
SELECT kith_protect_table('contact_search', '{tenant_id,contact_id,text,start}');
SELECT kith_protect_table('company_search', '{tenant_id,company_id,text,start}');

-- The rows of records that are there already. Migrations run as the owner, whom no policy binds.
INSERT INTO contact_search (tenant_id, contact_id, text)
SELECT tenants.id, found.contact_id, found.text FROM tenants CROSS JOIN LATERAL kith_contact_texts(tenants.id, NULL) AS found;
INSERT INTO company_search (tenant_id, company_id, text)
SELECT tenants.id, found.company_id, found.text FROM tenants CROSS JOIN LATERAL kith_company_texts(tenants.id, NULL) AS found;

-- Parts of words and words spelt alike. The pending list is short: with the usual 4 MB searches take four times as long and
-- a write now and then waits for 100 ms, without any a load of 20,000 + 20,000 takes 4 seconds more. 64 kB cost a search 0.1 ms.
CREATE INDEX idx_contact_search_text ON contact_search
  USING gin (tenant_id uuid_ops, text gin_trgm_ops) WITH (gin_pending_list_limit = 64);
CREATE INDEX idx_company_search_text ON company_search
  USING gin (tenant_id uuid_ops, text gin_trgm_ops) WITH (gin_pending_list_limit = 64);

-- Records in their order, for what many have: 65 texts a page, read without the table. An entry may have 2,704 bytes, so
-- the text is cut; of one so long the table is asked.
CREATE INDEX idx_contact_search_start ON contact_search (tenant_id, contact_id, start);
CREATE INDEX idx_company_search_start ON company_search (tenant_id, company_id, start);

-- Pages that vacuum has seen are read from the index alone.
ALTER TABLE contact_search SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
ALTER TABLE company_search SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
