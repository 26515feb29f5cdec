-- Every table of tenants' rows: primary key (tenant_id, id), and tenant_id first in every foreign key and unique index,
-- so that no reference can cross tenants (wall 3) and the tables can be split by tenant later. Ids, created_at and
-- updated_at come from the application. The folded column `<column>_folded` is what lists compare and sort by, in COLLATE "C": the
-- same order on every server. Folded columns are cut because a btree entry may not exceed 2,704 bytes and folding can lengthen a
-- text (one character of Arabic presentation forms becomes 18).

CREATE TABLE tenants (
  id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  slug text NOT NULL,
  name text NOT NULL,
  default_country text,
  default_currency text,
  time_zone text,
  unique_emails boolean NOT NULL DEFAULT false,
  CONSTRAINT tenants_pkey PRIMARY KEY (id),
  CONSTRAINT tenants_slug_check CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  CONSTRAINT tenants_name_length_check CHECK (char_length(name) BETWEEN 1 AND 255),
  CONSTRAINT tenants_default_country_check CHECK (default_country ~ '^[A-Z]{2}$'),
  CONSTRAINT tenants_default_currency_check CHECK (default_currency ~ '^[A-Z]{3}$')
);
CREATE UNIQUE INDEX tenants_slug_key ON tenants (slug);

CREATE TABLE users (
  tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  email text NOT NULL,
  email_folded text COLLATE "C" GENERATED ALWAYS AS ("left"(kith_fold(email), 255)) STORED,
  name text NOT NULL,
  name_folded text COLLATE "C" GENERATED ALWAYS AS ("left"(kith_fold(name), 255)) STORED,
  role text NOT NULL,
  deactivated_at timestamptz(3),
  CONSTRAINT users_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT users_role_check CHECK (role IN ('ADMIN', 'MANAGER', 'MEMBER', 'VIEWER')),
  CONSTRAINT users_email_length_check CHECK (char_length(email) <= 254),
  CONSTRAINT users_name_length_check CHECK (char_length(name) BETWEEN 1 AND 255)
);
CREATE UNIQUE INDEX users_email_key ON users (tenant_id, email_folded) WHERE deactivated_at IS NULL;
CREATE INDEX idx_users_created_at ON users (tenant_id, created_at, id);
CREATE INDEX idx_users_name ON users (tenant_id, name_folded, id);

CREATE TABLE api_keys (
  tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  name text NOT NULL,
  hash bytea NOT NULL,
  role text NOT NULL,
  created_by_id uuid NOT NULL,
  expires_at timestamptz(3),
  last_used_at timestamptz(3),
  revoked_at timestamptz(3),
  CONSTRAINT api_keys_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT api_keys_role_check CHECK (role IN ('ADMIN', 'MANAGER', 'MEMBER', 'VIEWER')),
  CONSTRAINT api_keys_hash_check CHECK (octet_length(hash) = 32),
  CONSTRAINT api_keys_name_length_check CHECK (char_length(name) BETWEEN 1 AND 255),
  CONSTRAINT api_keys_created_by_fkey FOREIGN KEY (tenant_id, created_by_id)
    REFERENCES users (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE UNIQUE INDEX api_keys_hash_key ON api_keys (tenant_id, hash);
CREATE INDEX idx_api_keys_created_by ON api_keys (tenant_id, created_by_id);

CREATE TABLE industries (
  tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  name text NOT NULL,
  name_folded text COLLATE "C" GENERATED ALWAYS AS ("left"(kith_fold(name), 255)) STORED,
  position integer NOT NULL,
  CONSTRAINT industries_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT industries_name_length_check CHECK (char_length(name) BETWEEN 1 AND 255)
);
CREATE UNIQUE INDEX industries_name_key ON industries (tenant_id, name_folded);
CREATE INDEX idx_industries_position ON industries (tenant_id, position, id);

CREATE TABLE company_sizes (
  tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  name text NOT NULL,
  name_folded text COLLATE "C" GENERATED ALWAYS AS ("left"(kith_fold(name), 255)) STORED,
  position integer NOT NULL,
  min_employees integer,
  max_employees integer,
  CONSTRAINT company_sizes_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT company_sizes_name_length_check CHECK (char_length(name) BETWEEN 1 AND 255),
  CONSTRAINT company_sizes_employees_check CHECK (min_employees >= 0 AND max_employees >= min_employees)
);
CREATE UNIQUE INDEX company_sizes_name_key ON company_sizes (tenant_id, name_folded);
CREATE INDEX idx_company_sizes_position ON company_sizes (tenant_id, position, id);

CREATE TABLE companies (
  tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  name text NOT NULL,
  name_folded text COLLATE "C" GENERATED ALWAYS AS ("left"(kith_fold(name), 255)) STORED,
  legal_name text,
  legal_name_folded text COLLATE "C" GENERATED ALWAYS AS ("left"(kith_fold(legal_name), 255)) STORED,
  domain text,
  domain_folded text COLLATE "C" GENERATED ALWAYS AS ("left"(kith_fold(domain), 255)) STORED,
  website text,
  website_folded text COLLATE "C" GENERATED ALWAYS AS ("left"(kith_fold(website), 255)) STORED,
  industry_id uuid,
  size_id uuid,
  employee_count integer,
  annual_revenue numeric(18, 2),
  annual_revenue_currency text,
  founded_year integer,
  lead_score integer,
  status text NOT NULL DEFAULT 'LEAD',
  priority text NOT NULL DEFAULT 'MEDIUM',
  assigned_to_id uuid,
  last_contacted_at timestamptz(3),
  next_follow_up_at timestamptz(3),
  notes text,
  external_id text,
  external_id_folded text COLLATE "C" GENERATED ALWAYS AS ("left"(kith_fold(external_id), 255)) STORED,
  version integer NOT NULL DEFAULT 1,
  deleted_at timestamptz(3),
  CONSTRAINT companies_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT companies_name_length_check CHECK (char_length(name) BETWEEN 1 AND 255),
  CONSTRAINT companies_legal_name_length_check CHECK (char_length(legal_name) <= 255),
  CONSTRAINT companies_domain_length_check CHECK (char_length(domain) <= 253),
  CONSTRAINT companies_website_length_check CHECK (char_length(website) <= 2048),
  CONSTRAINT companies_notes_length_check CHECK (char_length(notes) <= 65536),
  CONSTRAINT companies_external_id_length_check CHECK (char_length(external_id) <= 255),
  CONSTRAINT companies_employee_count_check CHECK (employee_count >= 0),
  CONSTRAINT companies_annual_revenue_currency_check
    CHECK (annual_revenue_currency ~ '^[A-Z]{3}$' AND (annual_revenue IS NULL OR annual_revenue_currency IS NOT NULL)),
  CONSTRAINT companies_founded_year_check CHECK (founded_year BETWEEN 1000 AND 2100),
  CONSTRAINT companies_lead_score_check CHECK (lead_score BETWEEN 0 AND 100),
  CONSTRAINT companies_status_check CHECK (status IN ('LEAD', 'PROSPECT', 'CUSTOMER', 'PARTNER', 'CHURNED')),
  CONSTRAINT companies_priority_check CHECK (priority IN ('LOW', 'MEDIUM', 'HIGH', 'URGENT')),
  CONSTRAINT companies_industry_fkey FOREIGN KEY (tenant_id, industry_id)
    REFERENCES industries (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT companies_size_fkey FOREIGN KEY (tenant_id, size_id)
    REFERENCES company_sizes (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT companies_assigned_to_fkey FOREIGN KEY (tenant_id, assigned_to_id)
    REFERENCES users (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE UNIQUE INDEX companies_domain_key ON companies (tenant_id, domain) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX companies_external_id_key ON companies (tenant_id, external_id) WHERE deleted_at IS NULL;
CREATE INDEX idx_companies_tenant_id ON companies (tenant_id, id) WHERE deleted_at IS NULL;
CREATE INDEX idx_companies_name ON companies (tenant_id, name_folded, id) WHERE deleted_at IS NULL;
CREATE INDEX idx_companies_industry_id ON companies (tenant_id, industry_id, id) WHERE deleted_at IS NULL;
CREATE INDEX idx_companies_size_id ON companies (tenant_id, size_id, id) WHERE deleted_at IS NULL;
CREATE INDEX idx_companies_assigned_to ON companies (tenant_id, assigned_to_id, id) WHERE deleted_at IS NULL;
CREATE INDEX idx_companies_created_at ON companies (tenant_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX idx_companies_employee_count ON companies (tenant_id, employee_count, id) WHERE deleted_at IS NULL;
CREATE INDEX idx_companies_annual_revenue ON companies (tenant_id, annual_revenue, id) WHERE deleted_at IS NULL;
CREATE INDEX idx_companies_lead_score ON companies (tenant_id, lead_score, id) WHERE deleted_at IS NULL;
CREATE INDEX idx_companies_status ON companies (tenant_id, status, id) WHERE deleted_at IS NULL;
CREATE INDEX idx_companies_priority ON companies (tenant_id, priority, id) WHERE deleted_at IS NULL;

CREATE TABLE contacts (
  tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  first_name text,
  first_name_folded text COLLATE "C" GENERATED ALWAYS AS ("left"(kith_fold(first_name), 255)) STORED,
  middle_name text,
  middle_name_folded text COLLATE "C" GENERATED ALWAYS AS ("left"(kith_fold(middle_name), 255)) STORED,
  last_name text,
  last_name_folded text COLLATE "C" GENERATED ALWAYS AS ("left"(kith_fold(last_name), 255)) STORED,
  full_name text GENERATED ALWAYS AS (kith_full_name(first_name, middle_name, last_name)) STORED,
  full_name_folded text COLLATE "C"
    GENERATED ALWAYS AS ("left"(kith_fold(kith_full_name(first_name, middle_name, last_name)), 600)) STORED,
  job_title text,
  job_title_folded text COLLATE "C" GENERATED ALWAYS AS ("left"(kith_fold(job_title), 255)) STORED,
  department text,
  department_folded text COLLATE "C" GENERATED ALWAYS AS ("left"(kith_fold(department), 255)) STORED,
  company_id uuid,
  owner_id uuid,
  email_opt_in boolean NOT NULL DEFAULT false,
  sms_opt_in boolean NOT NULL DEFAULT false,
  call_opt_in boolean NOT NULL DEFAULT false,
  birth_date date,
  notes text,
  external_id text,
  external_id_folded text COLLATE "C" GENERATED ALWAYS AS ("left"(kith_fold(external_id), 255)) STORED,
  version integer NOT NULL DEFAULT 1,
  deleted_at timestamptz(3),
  CONSTRAINT contacts_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT contacts_first_name_length_check CHECK (char_length(first_name) <= 255),
  CONSTRAINT contacts_middle_name_length_check CHECK (char_length(middle_name) <= 255),
  CONSTRAINT contacts_last_name_length_check CHECK (char_length(last_name) <= 255),
  CONSTRAINT contacts_job_title_length_check CHECK (char_length(job_title) <= 255),
  CONSTRAINT contacts_department_length_check CHECK (char_length(department) <= 255),
  CONSTRAINT contacts_notes_length_check CHECK (char_length(notes) <= 65536),
  CONSTRAINT contacts_external_id_length_check CHECK (char_length(external_id) <= 255),
  CONSTRAINT contacts_company_fkey FOREIGN KEY (tenant_id, company_id)
    REFERENCES companies (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT contacts_owner_fkey FOREIGN KEY (tenant_id, owner_id)
    REFERENCES users (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE UNIQUE INDEX contacts_external_id_key ON contacts (tenant_id, external_id) WHERE deleted_at IS NULL;
CREATE INDEX idx_contacts_tenant_id ON contacts (tenant_id, id) WHERE deleted_at IS NULL;
CREATE INDEX idx_contacts_company_id ON contacts (tenant_id, company_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX idx_contacts_company_fk ON contacts (tenant_id, company_id, id);
CREATE INDEX idx_contacts_owner_id ON contacts (tenant_id, owner_id, id) WHERE deleted_at IS NULL;
CREATE INDEX idx_contacts_name_search ON contacts USING gin (tenant_id uuid_ops, full_name_folded gin_trgm_ops)
  WHERE deleted_at IS NULL;
CREATE INDEX idx_contacts_created_at ON contacts (tenant_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX idx_contacts_email_opt_in ON contacts (tenant_id, created_at, id) WHERE email_opt_in AND deleted_at IS NULL;
CREATE INDEX idx_contacts_sms_opt_in ON contacts (tenant_id, created_at, id) WHERE sms_opt_in AND deleted_at IS NULL;
CREATE INDEX idx_contacts_call_opt_in ON contacts (tenant_id, created_at, id) WHERE call_opt_in AND deleted_at IS NULL;

-- Rows that belong to a contact or a company. `entity_type` and `entity_id` say to whom; the two generated columns carry
-- real foreign keys, so an owner that does not exist is refused and the rows of a destroyed owner go along with it.

CREATE TABLE email_addresses (
  tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  entity_type text NOT NULL,
  entity_id uuid NOT NULL,
  contact_id uuid GENERATED ALWAYS AS (CASE WHEN entity_type = 'CONTACT' THEN entity_id END) STORED,
  company_id uuid GENERATED ALWAYS AS (CASE WHEN entity_type = 'COMPANY' THEN entity_id END) STORED,
  type text NOT NULL,
  email text NOT NULL,
  email_folded text COLLATE "C" GENERATED ALWAYS AS ("left"(kith_fold(email), 255)) STORED,
  email_domain text COLLATE "C" NOT NULL,
  is_primary boolean NOT NULL DEFAULT false,
  opted_out_at timestamptz(3),
  position integer NOT NULL,
  unique_key text COLLATE "C",
  CONSTRAINT email_addresses_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT email_addresses_entity_type_check CHECK (entity_type IN ('CONTACT', 'COMPANY')),
  CONSTRAINT email_addresses_type_check CHECK (type IN ('WORK', 'PERSONAL', 'OTHER')),
  CONSTRAINT email_addresses_email_length_check CHECK (char_length(email) <= 254),
  CONSTRAINT email_addresses_email_domain_length_check CHECK (char_length(email_domain) <= 253),
  CONSTRAINT email_addresses_contact_fkey FOREIGN KEY (tenant_id, contact_id)
    REFERENCES contacts (tenant_id, id) ON DELETE CASCADE ON UPDATE RESTRICT,
  CONSTRAINT email_addresses_company_fkey FOREIGN KEY (tenant_id, company_id)
    REFERENCES companies (tenant_id, id) ON DELETE CASCADE ON UPDATE RESTRICT
);
CREATE INDEX idx_email_addresses_entity_composite ON email_addresses (tenant_id, entity_type, entity_id, position, id);
CREATE INDEX idx_email_addresses_contact_fk ON email_addresses (tenant_id, contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX idx_email_addresses_company_fk ON email_addresses (tenant_id, company_id) WHERE company_id IS NOT NULL;
CREATE UNIQUE INDEX idx_email_addresses_primary ON email_addresses (tenant_id, entity_type, entity_id) WHERE is_primary;
CREATE UNIQUE INDEX email_addresses_unique_key_key ON email_addresses (tenant_id, unique_key) WHERE unique_key IS NOT NULL;
CREATE INDEX idx_email_addresses_email ON email_addresses (tenant_id, email_folded, entity_type, entity_id);
CREATE INDEX idx_email_addresses_domain ON email_addresses (tenant_id, email_domain, entity_type, entity_id);

CREATE TABLE phone_numbers (
  tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  entity_type text NOT NULL,
  entity_id uuid NOT NULL,
  contact_id uuid GENERATED ALWAYS AS (CASE WHEN entity_type = 'CONTACT' THEN entity_id END) STORED,
  company_id uuid GENERATED ALWAYS AS (CASE WHEN entity_type = 'COMPANY' THEN entity_id END) STORED,
  type text NOT NULL,
  number text NOT NULL,
  number_e164 text COLLATE "C",
  number_reversed text COLLATE "C" GENERATED ALWAYS AS (reverse(ltrim(number_e164, '+'))) STORED,
  extension text,
  is_primary boolean NOT NULL DEFAULT false,
  position integer NOT NULL,
  CONSTRAINT phone_numbers_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT phone_numbers_entity_type_check CHECK (entity_type IN ('CONTACT', 'COMPANY')),
  CONSTRAINT phone_numbers_type_check CHECK (type IN ('WORK', 'MOBILE', 'HOME', 'FAX', 'OTHER')),
  CONSTRAINT phone_numbers_number_length_check CHECK (char_length(number) <= 255),
  CONSTRAINT phone_numbers_number_e164_check CHECK (number_e164 ~ '^[+][1-9][0-9]{1,14}$'),
  CONSTRAINT phone_numbers_extension_length_check CHECK (char_length(extension) <= 32),
  CONSTRAINT phone_numbers_contact_fkey FOREIGN KEY (tenant_id, contact_id)
    REFERENCES contacts (tenant_id, id) ON DELETE CASCADE ON UPDATE RESTRICT,
  CONSTRAINT phone_numbers_company_fkey FOREIGN KEY (tenant_id, company_id)
    REFERENCES companies (tenant_id, id) ON DELETE CASCADE ON UPDATE RESTRICT
);
CREATE INDEX idx_phone_numbers_entity_composite ON phone_numbers (tenant_id, entity_type, entity_id, position, id);
CREATE INDEX idx_phone_numbers_contact_fk ON phone_numbers (tenant_id, contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX idx_phone_numbers_company_fk ON phone_numbers (tenant_id, company_id) WHERE company_id IS NOT NULL;
CREATE UNIQUE INDEX idx_phone_numbers_primary ON phone_numbers (tenant_id, entity_type, entity_id) WHERE is_primary;
CREATE INDEX idx_phone_numbers_e164 ON phone_numbers (tenant_id, number_e164, entity_id);
CREATE INDEX idx_phone_numbers_reversed ON phone_numbers (tenant_id, number_reversed, entity_id);

CREATE TABLE addresses (
  tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  entity_type text NOT NULL,
  entity_id uuid NOT NULL,
  contact_id uuid GENERATED ALWAYS AS (CASE WHEN entity_type = 'CONTACT' THEN entity_id END) STORED,
  company_id uuid GENERATED ALWAYS AS (CASE WHEN entity_type = 'COMPANY' THEN entity_id END) STORED,
  type text NOT NULL,
  line1 text,
  line2 text,
  city text,
  city_folded text COLLATE "C" GENERATED ALWAYS AS ("left"(kith_fold(city), 255)) STORED,
  region text,
  region_folded text COLLATE "C" GENERATED ALWAYS AS ("left"(kith_fold(region), 255)) STORED,
  postal_code text,
  country text,
  latitude double precision,
  longitude double precision,
  is_primary boolean NOT NULL DEFAULT false,
  position integer NOT NULL,
  CONSTRAINT addresses_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT addresses_entity_type_check CHECK (entity_type IN ('CONTACT', 'COMPANY')),
  CONSTRAINT addresses_type_check CHECK (type IN ('BILLING', 'SHIPPING', 'OFFICE', 'HOME', 'OTHER')),
  CONSTRAINT addresses_line1_length_check CHECK (char_length(line1) <= 255),
  CONSTRAINT addresses_line2_length_check CHECK (char_length(line2) <= 255),
  CONSTRAINT addresses_city_length_check CHECK (char_length(city) <= 255),
  CONSTRAINT addresses_region_length_check CHECK (char_length(region) <= 255),
  CONSTRAINT addresses_postal_code_length_check CHECK (char_length(postal_code) <= 32),
  CONSTRAINT addresses_country_check CHECK (country ~ '^[A-Z]{2}$'),
  CONSTRAINT addresses_latitude_check CHECK (latitude BETWEEN -90 AND 90),
  CONSTRAINT addresses_longitude_check CHECK (longitude BETWEEN -180 AND 180),
  CONSTRAINT addresses_contact_fkey FOREIGN KEY (tenant_id, contact_id)
    REFERENCES contacts (tenant_id, id) ON DELETE CASCADE ON UPDATE RESTRICT,
  CONSTRAINT addresses_company_fkey FOREIGN KEY (tenant_id, company_id)
    REFERENCES companies (tenant_id, id) ON DELETE CASCADE ON UPDATE RESTRICT
);
CREATE INDEX idx_addresses_entity_composite ON addresses (tenant_id, entity_type, entity_id, position, id);
CREATE INDEX idx_addresses_contact_fk ON addresses (tenant_id, contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX idx_addresses_company_fk ON addresses (tenant_id, company_id) WHERE company_id IS NOT NULL;
CREATE UNIQUE INDEX idx_addresses_primary ON addresses (tenant_id, entity_type, entity_id) WHERE is_primary;
CREATE INDEX idx_addresses_city ON addresses (tenant_id, city_folded, entity_id);
CREATE INDEX idx_addresses_region ON addresses (tenant_id, region_folded, entity_id);
CREATE INDEX idx_addresses_country ON addresses (tenant_id, country, entity_id);

CREATE TABLE social_media_accounts (
  tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  entity_type text NOT NULL,
  entity_id uuid NOT NULL,
  contact_id uuid GENERATED ALWAYS AS (CASE WHEN entity_type = 'CONTACT' THEN entity_id END) STORED,
  company_id uuid GENERATED ALWAYS AS (CASE WHEN entity_type = 'COMPANY' THEN entity_id END) STORED,
  platform text NOT NULL,
  handle text,
  handle_folded text COLLATE "C" GENERATED ALWAYS AS ("left"(kith_fold(handle), 255)) STORED,
  url text,
  is_primary boolean NOT NULL DEFAULT false,
  position integer NOT NULL,
  CONSTRAINT social_media_accounts_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT social_media_accounts_entity_type_check CHECK (entity_type IN ('CONTACT', 'COMPANY')),
  CONSTRAINT social_media_accounts_platform_check CHECK (platform IN ('LINKEDIN', 'X', 'FACEBOOK', 'INSTAGRAM', 'YOUTUBE', 'MASTODON', 'GITHUB', 'OTHER')),
  CONSTRAINT social_media_accounts_handle_length_check CHECK (char_length(handle) <= 255),
  CONSTRAINT social_media_accounts_url_length_check CHECK (char_length(url) <= 2048),
  CONSTRAINT social_media_accounts_contact_fkey FOREIGN KEY (tenant_id, contact_id)
    REFERENCES contacts (tenant_id, id) ON DELETE CASCADE ON UPDATE RESTRICT,
  CONSTRAINT social_media_accounts_company_fkey FOREIGN KEY (tenant_id, company_id)
    REFERENCES companies (tenant_id, id) ON DELETE CASCADE ON UPDATE RESTRICT
);
CREATE INDEX idx_social_media_accounts_entity_composite ON social_media_accounts (tenant_id, entity_type, entity_id, position, id);
CREATE INDEX idx_social_media_accounts_contact_fk ON social_media_accounts (tenant_id, contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX idx_social_media_accounts_company_fk ON social_media_accounts (tenant_id, company_id) WHERE company_id IS NOT NULL;
CREATE UNIQUE INDEX idx_social_media_accounts_primary ON social_media_accounts (tenant_id, entity_type, entity_id) WHERE is_primary;
CREATE INDEX idx_social_media_accounts_handle ON social_media_accounts (tenant_id, handle_folded, entity_id);

CREATE TABLE custom_field_definitions (
  tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  entity_type text NOT NULL,
  key text NOT NULL,
  label text NOT NULL,
  description text,
  type text NOT NULL,
  is_required boolean NOT NULL DEFAULT false,
  is_unique boolean NOT NULL DEFAULT false,
  default_value jsonb,
  constraints jsonb,
  options jsonb,
  field_group text,
  position integer NOT NULL,
  archived_at timestamptz(3),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT custom_field_definitions_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT custom_field_definitions_entity_type_check CHECK (entity_type IN ('CONTACT', 'COMPANY')),
  CONSTRAINT custom_field_definitions_key_check CHECK (key ~ '^[a-z][a-z0-9_]{0,62}$'),
  CONSTRAINT custom_field_definitions_label_length_check CHECK (char_length(label) BETWEEN 1 AND 255),
  CONSTRAINT custom_field_definitions_type_check CHECK (type IN ('TEXT', 'TEXTAREA', 'NUMBER', 'DECIMAL', 'DATE', 'DATETIME',
    'BOOLEAN', 'DROPDOWN', 'RADIO', 'CHECKBOX', 'URL', 'EMAIL', 'PHONE', 'CURRENCY'))
);
CREATE UNIQUE INDEX custom_field_definitions_key_key ON custom_field_definitions (tenant_id, entity_type, key)
  WHERE archived_at IS NULL;
-- The target of the values' foreign key: a value can't have a definition of the other entity type.
CREATE UNIQUE INDEX custom_field_definitions_entity_type_key ON custom_field_definitions (tenant_id, id, entity_type);
CREATE INDEX idx_custom_field_definitions_tenant_entity ON custom_field_definitions (tenant_id, entity_type, position, id);

CREATE TABLE custom_field_values (
  tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  entity_type text NOT NULL,
  entity_id uuid NOT NULL,
  contact_id uuid GENERATED ALWAYS AS (CASE WHEN entity_type = 'CONTACT' THEN entity_id END) STORED,
  company_id uuid GENERATED ALWAYS AS (CASE WHEN entity_type = 'COMPANY' THEN entity_id END) STORED,
  definition_id uuid NOT NULL,
  text_value text,
  -- A btree entry may not exceed 2,704 bytes: 200 folded characters are 800 at most.
  text_value_key text COLLATE "C" GENERATED ALWAYS AS ("left"(kith_fold(text_value), 200)) STORED,
  number_value numeric,
  boolean_value boolean,
  date_value date,
  datetime_value timestamptz(3),
  option_values text[],
  currency_code text,
  unique_key text COLLATE "C",
  CONSTRAINT custom_field_values_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT custom_field_values_entity_type_check CHECK (entity_type IN ('CONTACT', 'COMPANY')),
  CONSTRAINT custom_field_values_text_value_length_check CHECK (char_length(text_value) <= 65536),
  CONSTRAINT custom_field_values_currency_code_check CHECK (currency_code ~ '^[A-Z]{3}$'),
  CONSTRAINT custom_field_values_contact_fkey FOREIGN KEY (tenant_id, contact_id)
    REFERENCES contacts (tenant_id, id) ON DELETE CASCADE ON UPDATE RESTRICT,
  CONSTRAINT custom_field_values_company_fkey FOREIGN KEY (tenant_id, company_id)
    REFERENCES companies (tenant_id, id) ON DELETE CASCADE ON UPDATE RESTRICT,
  CONSTRAINT custom_field_values_definition_fkey FOREIGN KEY (tenant_id, definition_id, entity_type)
    REFERENCES custom_field_definitions (tenant_id, id, entity_type) ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE UNIQUE INDEX custom_field_values_definition_entity_key ON custom_field_values (tenant_id, definition_id, entity_id);
CREATE UNIQUE INDEX custom_field_values_unique_key_key ON custom_field_values (tenant_id, definition_id, unique_key)
  WHERE unique_key IS NOT NULL;
CREATE INDEX idx_custom_field_values_entity_composite ON custom_field_values (tenant_id, entity_type, entity_id);
CREATE INDEX idx_custom_field_values_contact_fk ON custom_field_values (tenant_id, contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX idx_custom_field_values_company_fk ON custom_field_values (tenant_id, company_id) WHERE company_id IS NOT NULL;
CREATE INDEX idx_custom_field_values_text ON custom_field_values (tenant_id, definition_id, text_value_key, entity_id)
  WHERE text_value IS NOT NULL;
CREATE INDEX idx_custom_field_values_number ON custom_field_values (tenant_id, definition_id, number_value, entity_id)
  WHERE number_value IS NOT NULL;
CREATE INDEX idx_custom_field_values_boolean ON custom_field_values (tenant_id, definition_id, boolean_value, entity_id)
  WHERE boolean_value IS NOT NULL;
CREATE INDEX idx_custom_field_values_date ON custom_field_values (tenant_id, definition_id, date_value, entity_id)
  WHERE date_value IS NOT NULL;
CREATE INDEX idx_custom_field_values_datetime ON custom_field_values (tenant_id, definition_id, datetime_value, entity_id)
  WHERE datetime_value IS NOT NULL;
CREATE INDEX idx_custom_field_values_options ON custom_field_values
  USING gin (tenant_id uuid_ops, definition_id uuid_ops, option_values) WHERE option_values IS NOT NULL;
