-- A custom field changes its type by a second definition, into which its values are copied in batches; then the two change
-- places in one short transaction. The first one stays as an archived shadow, from which the change is undone.

ALTER TABLE custom_field_definitions
  -- RUNNING on the field whose values are being copied; DONE on the one that took its place; UNDONE where it had to give it back.
  ADD COLUMN change_state text,
  -- What the change is and how far it came: counts, the last record that was copied, how values are read.
  ADD COLUMN change jsonb,
  -- Nobody sees it: it is being filled, or its values are being removed.
  ADD COLUMN is_hidden boolean NOT NULL DEFAULT false,
  -- From when on it is removed with its values.
  ADD COLUMN expires_at timestamptz(3),
  -- The last record whose search row was brought up to date, where all that have a value of the field need it.
  ADD COLUMN search_cursor uuid,
  ADD CONSTRAINT custom_field_definitions_change_state_check CHECK (change_state IN ('RUNNING', 'DONE', 'UNDONE')),
  ADD CONSTRAINT custom_field_definitions_change_check CHECK ((change_state IS NULL) = (change IS NULL)),
  -- What is hidden or going is not in use.
  ADD CONSTRAINT custom_field_definitions_hidden_check CHECK (archived_at IS NOT NULL OR (NOT is_hidden AND expires_at IS NULL));

-- The definitions with work to be done on their values, of all tenants.
CREATE INDEX idx_custom_field_definitions_chores ON custom_field_definitions (tenant_id, id)
  WHERE change_state = 'RUNNING' OR search_cursor IS NOT NULL OR expires_at IS NOT NULL;
GRANT SELECT (tenant_id, id, change_state, search_cursor, expires_at) ON custom_field_definitions TO kith_system;
CREATE POLICY kith_system_all ON custom_field_definitions FOR SELECT TO kith_system USING (true);
