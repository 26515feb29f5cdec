-- An upsert looks for its record among deleted ones too: by the values that live ones can't have alike.
CREATE INDEX idx_contacts_deleted_external_id ON contacts (tenant_id, external_id)
  WHERE deleted_at IS NOT NULL AND external_id IS NOT NULL;
CREATE INDEX idx_companies_deleted_external_id ON companies (tenant_id, external_id)
  WHERE deleted_at IS NOT NULL AND external_id IS NOT NULL;
CREATE INDEX idx_companies_deleted_domain ON companies (tenant_id, domain)
  WHERE deleted_at IS NOT NULL AND domain IS NOT NULL;
