-- Lists of deleted records (`deleted: ONLY`, and the deleted half of INCLUDE): newest first, and last deleted first. All other
-- indexes hold live rows only. These hold deleted rows only, so they cost a write of a live one nothing.
CREATE INDEX idx_contacts_deleted_created_at ON contacts (tenant_id, created_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX idx_contacts_deleted_at ON contacts (tenant_id, deleted_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX idx_companies_deleted_created_at ON companies (tenant_id, created_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX idx_companies_deleted_at ON companies (tenant_id, deleted_at, id) WHERE deleted_at IS NOT NULL;
