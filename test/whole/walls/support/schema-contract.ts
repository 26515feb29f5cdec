/** The tables that hold tenants' rows. */
export const TENANT_TABLES: readonly string[] = [
  'addresses', 'api_keys', 'companies', 'company_search', 'company_sizes', 'contact_search', 'contacts',
  'custom_field_definitions', 'custom_field_usage', 'custom_field_values', 'email_addresses', 'exports', 'import_failures', 'import_file_parts',
  'import_files', 'industries', 'job_changes', 'job_problems', 'job_targets', 'jobs', 'phone_numbers',
  'social_media_accounts', 'users',
] // prettier-ignore

/** The indexes that every query plan counts on, as the server prints them without `CREATE INDEX <name> ON public.`. */
export const NAMED_INDEXES: Readonly<Record<string, string>> = {
  idx_contacts_company_id: 'contacts USING btree (tenant_id, company_id, created_at, id) WHERE (deleted_at IS NULL)',
  idx_contacts_tenant_id: 'contacts USING btree (tenant_id, id) WHERE (deleted_at IS NULL)',
  idx_contacts_owner_id: 'contacts USING btree (tenant_id, owner_id, id) WHERE (deleted_at IS NULL)',
  idx_contacts_name_search: 'contacts USING gin (tenant_id, full_name_folded gin_trgm_ops) WHERE (deleted_at IS NULL)',
  idx_contacts_created_at: 'contacts USING btree (tenant_id, created_at, id) WHERE (deleted_at IS NULL)',
  idx_contacts_email_opt_in:
    'contacts USING btree (tenant_id, created_at, id) WHERE (email_opt_in AND (deleted_at IS NULL))',
  idx_contacts_sms_opt_in:
    'contacts USING btree (tenant_id, created_at, id) WHERE (sms_opt_in AND (deleted_at IS NULL))',
  idx_contacts_call_opt_in:
    'contacts USING btree (tenant_id, created_at, id) WHERE (call_opt_in AND (deleted_at IS NULL))',
  idx_companies_tenant_id: 'companies USING btree (tenant_id, id) WHERE (deleted_at IS NULL)',
  idx_companies_name: 'companies USING btree (tenant_id, name_folded, id) WHERE (deleted_at IS NULL)',
  idx_companies_industry_id: 'companies USING btree (tenant_id, industry_id, id) WHERE (deleted_at IS NULL)',
  idx_companies_size_id: 'companies USING btree (tenant_id, size_id, id) WHERE (deleted_at IS NULL)',
  idx_companies_assigned_to: 'companies USING btree (tenant_id, assigned_to_id, id) WHERE (deleted_at IS NULL)',
  idx_companies_created_at: 'companies USING btree (tenant_id, created_at, id) WHERE (deleted_at IS NULL)',
  idx_companies_employee_count: 'companies USING btree (tenant_id, employee_count, id) WHERE (deleted_at IS NULL)',
  idx_companies_annual_revenue: 'companies USING btree (tenant_id, annual_revenue, id) WHERE (deleted_at IS NULL)',
  idx_companies_lead_score: 'companies USING btree (tenant_id, lead_score, id) WHERE (deleted_at IS NULL)',
  idx_companies_status: 'companies USING btree (tenant_id, status, id) WHERE (deleted_at IS NULL)',
  idx_companies_priority: 'companies USING btree (tenant_id, priority, id) WHERE (deleted_at IS NULL)',
  idx_email_addresses_entity_composite:
    'email_addresses USING btree (tenant_id, entity_type, entity_id, "position", id)',
  idx_phone_numbers_entity_composite: 'phone_numbers USING btree (tenant_id, entity_type, entity_id, "position", id)',
  idx_addresses_entity_composite: 'addresses USING btree (tenant_id, entity_type, entity_id, "position", id)',
  idx_social_media_accounts_entity_composite:
    'social_media_accounts USING btree (tenant_id, entity_type, entity_id, "position", id)',
  idx_custom_field_values_entity_composite: 'custom_field_values USING btree (tenant_id, entity_type, entity_id)',
  idx_custom_field_definitions_searchable:
    'custom_field_definitions USING btree (tenant_id, entity_type, id) WHERE (is_searchable AND (archived_at IS NULL))',
  idx_custom_field_definitions_chores:
    "custom_field_definitions USING btree (tenant_id, id) WHERE ((change_state = 'RUNNING'::text) OR (search_cursor IS NOT NULL) OR (expires_at IS NOT NULL))",
  idx_jobs_open: "jobs USING btree (tenant_id, id) WHERE (status = ANY (ARRAY['QUEUED'::text, 'RUNNING'::text]))",
  idx_import_files_expires_at: 'import_files USING btree (tenant_id, expires_at, id)',
  idx_custom_field_definitions_tenant_entity:
    'custom_field_definitions USING btree (tenant_id, entity_type, "position", id)',
}

const LIVE = ' WHERE (deleted_at IS NULL)'
const WITH_NOTES = ' WHERE ((deleted_at IS NULL) AND (notes_folded IS NOT NULL))'

/** Indexes that yield an order of lists, by table and name: their column between the tenant and the id. */
const ORDER_INDEXES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  contacts: {
    updated_at: 'updated_at', first_name: 'first_name_folded', middle_name: 'middle_name_folded',
    last_name: 'last_name_folded', full_name: 'full_name_folded', job_title: 'job_title_folded',
    department: 'department_folded', email_opt_in_order: 'email_opt_in', sms_opt_in_order: 'sms_opt_in',
    call_opt_in_order: 'call_opt_in', birth_date: 'birth_date', external_id: 'external_id_folded', version: 'version',
    company: 'company_id',
  },
  companies: {
    updated_at: 'updated_at', legal_name: 'legal_name_folded', domain: 'domain_folded', website: 'website_folded',
    annual_revenue_currency: 'annual_revenue_currency', founded_year: 'founded_year',
    last_contacted_at: 'last_contacted_at', next_follow_up_at: 'next_follow_up_at', external_id: 'external_id_folded',
    version: 'version',
  },
} // prettier-ignore

/** Indexes that find parts of texts, and those for the ends of an order. */
const TEXT_INDEXES: Readonly<Record<string, string>> = {
  idx_contacts_text:
    'contacts USING gin (tenant_id, first_name_folded gin_trgm_ops, middle_name_folded gin_trgm_ops, ' +
    'last_name_folded gin_trgm_ops, job_title_folded gin_trgm_ops, department_folded gin_trgm_ops, ' +
    `external_id_folded gin_trgm_ops)${LIVE}`,
  idx_contacts_notes: `contacts USING gin (tenant_id, notes_folded gin_trgm_ops)${WITH_NOTES}`,
  idx_companies_text:
    'companies USING gin (tenant_id, name_folded gin_trgm_ops, legal_name_folded gin_trgm_ops, ' +
    `domain_folded gin_trgm_ops, website_folded gin_trgm_ops, external_id_folded gin_trgm_ops)${LIVE}`,
  idx_companies_notes: `companies USING gin (tenant_id, notes_folded gin_trgm_ops)${WITH_NOTES}`,
  idx_email_addresses_text: 'email_addresses USING gin (tenant_id, email_folded gin_trgm_ops)',
  idx_addresses_text: 'addresses USING gin (tenant_id, city_folded gin_trgm_ops, region_folded gin_trgm_ops)',
  idx_custom_field_values_text_parts:
    'custom_field_values USING gin (tenant_id, definition_id, text_value_folded gin_trgm_ops) WHERE (text_value IS NOT NULL)',
  idx_social_media_accounts_text: 'social_media_accounts USING gin (tenant_id, handle_folded gin_trgm_ops)',
  idx_contact_search_text: `contact_search USING gin (tenant_id, text gin_trgm_ops)`,
  idx_contact_search_start: 'contact_search USING btree (tenant_id, contact_id, start)',
  idx_company_search_text: `company_search USING gin (tenant_id, text gin_trgm_ops)`,
  idx_company_search_start: 'company_search USING btree (tenant_id, company_id, start)',
  idx_companies_deleted: 'companies USING btree (tenant_id, id) WHERE (deleted_at IS NOT NULL)',
  idx_users_email: 'users USING btree (tenant_id, email_folded, id)',
}

/** The indexes that lists and searches count on beside the named ones, printed likewise. */
export const LIST_INDEXES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(ORDER_INDEXES).flatMap(([table, columns]) =>
      Object.entries(columns).map(([name, column]) => [
        `idx_${table}_${name}`,
        `${table} USING btree (tenant_id, ${column}, id)${LIVE}`,
      ]),
    ),
  ),
  ...TEXT_INDEXES,
}

/** What a role may read of each table: its columns, in their order. Tables without any stand in no list. */
export const READABLE_COLUMNS: Readonly<Record<'kith_keys' | 'kith_system', Readonly<Record<string, string>>>> = {
  kith_keys: {
    addresses:
      'tenant_id id created_at updated_at entity_type entity_id contact_id company_id type line1 line2 city ' +
      'city_folded region region_folded postal_code country latitude longitude is_primary position',
    companies:
      'tenant_id id created_at updated_at name name_folded legal_name legal_name_folded domain domain_folded ' +
      'website website_folded industry_id size_id employee_count annual_revenue annual_revenue_currency ' +
      'founded_year lead_score status priority assigned_to_id last_contacted_at next_follow_up_at notes external_id ' +
      'external_id_folded version deleted_at notes_folded',
    company_search: 'tenant_id company_id text start',
    company_sizes: 'tenant_id id created_at updated_at name name_folded position min_employees max_employees',
    contacts:
      'tenant_id id created_at updated_at first_name first_name_folded middle_name middle_name_folded last_name ' +
      'last_name_folded full_name full_name_folded job_title job_title_folded department department_folded ' +
      'company_id owner_id email_opt_in sms_opt_in call_opt_in birth_date notes external_id external_id_folded ' +
      'version deleted_at notes_folded',
    contact_search: 'tenant_id contact_id text start',
    custom_field_definitions: 'tenant_id id entity_type key type archived_at is_searchable',
    custom_field_values:
      'tenant_id id created_at updated_at entity_type entity_id contact_id company_id definition_id text_value ' +
      'text_value_key number_value boolean_value date_value datetime_value option_values currency_code ' +
      'text_value_folded',
    email_addresses:
      'tenant_id id created_at updated_at entity_type entity_id contact_id company_id type email email_folded ' +
      'email_domain is_primary opted_out_at position',
    industries: 'tenant_id id created_at updated_at name name_folded position',
    phone_numbers:
      'tenant_id id created_at updated_at entity_type entity_id contact_id company_id type number number_e164 ' +
      'number_reversed extension is_primary position',
    social_media_accounts:
      'tenant_id id created_at updated_at entity_type entity_id contact_id company_id platform handle ' +
      'handle_folded url is_primary position',
    users: 'tenant_id id created_at updated_at email email_folded name name_folded role deactivated_at',
  },
  kith_system: {
    api_keys: 'tenant_id id hash role expires_at revoked_at',
    custom_field_definitions: 'tenant_id id change_state expires_at search_cursor',
    import_files: 'tenant_id id expires_at',
    job_changes: 'tenant_id job_id',
    job_targets: 'tenant_id job_id',
    jobs: 'tenant_id id kind status lease_until',
    tenants: 'id created_at slug name default_country default_currency time_zone unique_emails',
    users: 'tenant_id id created_at email name role deactivated_at',
    _prisma_migrations: 'finished_at migration_name rolled_back_at',
  },
}
