-- What names one record is compared exactly, e-mail addresses apart from case: josé@ and jose@ are two people.

-- An e-mail address as it is compared: in small letters, with its accents. Of the two small sigmas one.
CREATE FUNCTION kith_email_key(email text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT normalize(replace(lower(normalize(email, NFC)), 'ς', 'σ'), NFC) $$;

-- The same of several.
CREATE FUNCTION kith_email_keys(emails text[]) RETURNS text[]
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT coalesce(array_agg(kith_email_key(email)), '{}') FROM unnest(emails) AS email $$;

-- Users had one address whatever its accents. What was unique stays so: folding tells fewer addresses apart.
ALTER TABLE users ADD COLUMN email_key text COLLATE "C" GENERATED ALWAYS AS (kith_email_key(email)) STORED;
DROP INDEX users_email_key;
CREATE UNIQUE INDEX users_email_key ON users (tenant_id, email_key) WHERE deactivated_at IS NULL;
