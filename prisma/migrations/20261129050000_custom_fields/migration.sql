-- Custom fields as the API has them. The tables are there since the first migration.

-- Full-text search finds records by the values of these.
ALTER TABLE custom_field_definitions ADD COLUMN is_searchable boolean NOT NULL DEFAULT false;
ALTER TABLE custom_field_definitions
  ADD CONSTRAINT custom_field_definitions_description_length_check CHECK (char_length(description) <= 2000),
  ADD CONSTRAINT custom_field_definitions_field_group_length_check CHECK (char_length(field_group) <= 255);

-- Texts whole as they are compared, of which parts are found; text_value_key has their beginnings, by which they are
-- ordered. Without the index `contains` reads all values of a definition.
ALTER TABLE custom_field_values
  ADD COLUMN text_value_folded text COLLATE "C" GENERATED ALWAYS AS (kith_fold(text_value)) STORED;
CREATE INDEX idx_custom_field_values_text_parts ON custom_field_values
  USING gin (tenant_id uuid_ops, definition_id uuid_ops, text_value_folded gin_trgm_ops) WHERE text_value IS NOT NULL;
GRANT SELECT (text_value_folded) ON custom_field_values TO kith_keys;

-- A row is one value of one kind.
ALTER TABLE custom_field_values ADD CONSTRAINT custom_field_values_value_check CHECK (
  num_nonnulls(text_value, number_value, boolean_value, date_value, datetime_value, option_values) = 1
  AND (currency_code IS NULL OR number_value IS NOT NULL)
);

-- What two live records can't have alike in a unique field: e-mail addresses apart from case, numbers apart from zeros
-- behind the point, all else as it is. NULL for types that can't be unique.
CREATE FUNCTION kith_custom_field_key(
  type text, text_value text, number_value numeric, date_value date, datetime_value timestamptz
) RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $$
    SELECT CASE
      WHEN type = 'EMAIL' THEN kith_email_key(text_value)
      WHEN type IN ('TEXT', 'URL', 'PHONE') THEN text_value
      WHEN type IN ('NUMBER', 'DECIMAL') THEN trim_scale(number_value)::text
      WHEN type = 'DATE' THEN (date_value - date '0001-01-01')::text
      WHEN type = 'DATETIME' THEN trim_scale(extract(epoch FROM datetime_value))::text
    END
  $$;
