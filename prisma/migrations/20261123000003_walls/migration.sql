-- Policies and grants, one call a table. kith_keys gets what lists filter and sort by and nothing else (notes, hashes
-- and raw JSON stay out); kith_system what is read before a tenant is known: whose token or key is this.
SELECT kith_protect_table('tenants', '{}', '{id,slug,name,default_country,default_currency,time_zone,unique_emails,created_at}', 'id');
SELECT kith_protect_table('users', '{
  tenant_id,id,created_at,updated_at,email,email_folded,name,name_folded,role,deactivated_at
}',
  '{tenant_id,id,email,name,role,deactivated_at,created_at}');
SELECT kith_protect_table('api_keys', '{}', '{tenant_id,id,hash,role,expires_at,revoked_at}');
SELECT kith_protect_table('industries', '{tenant_id,id,created_at,updated_at,name,name_folded,position}');
SELECT kith_protect_table('company_sizes', '{
  tenant_id,id,created_at,updated_at,name,name_folded,position,min_employees,max_employees
}');
SELECT kith_protect_table('companies', '{
  tenant_id,id,created_at,updated_at,name,name_folded,legal_name,legal_name_folded,domain,domain_folded,website,
  website_folded,industry_id,size_id,employee_count,annual_revenue,annual_revenue_currency,founded_year,
  lead_score,status,priority,assigned_to_id,last_contacted_at,next_follow_up_at,external_id,external_id_folded,
  version,deleted_at
}');
SELECT kith_protect_table('contacts', '{
  tenant_id,id,created_at,updated_at,first_name,first_name_folded,middle_name,middle_name_folded,last_name,
  last_name_folded,full_name,full_name_folded,job_title,job_title_folded,department,department_folded,company_id,
  owner_id,email_opt_in,sms_opt_in,call_opt_in,birth_date,external_id,external_id_folded,version,deleted_at
}');
SELECT kith_protect_table('email_addresses', '{
  tenant_id,id,created_at,updated_at,entity_type,entity_id,contact_id,company_id,type,email,email_folded,
  email_domain,is_primary,opted_out_at,position
}');
SELECT kith_protect_table('phone_numbers', '{
  tenant_id,id,created_at,updated_at,entity_type,entity_id,contact_id,company_id,type,number,number_e164,
  number_reversed,extension,is_primary,position
}');
SELECT kith_protect_table('addresses', '{
  tenant_id,id,created_at,updated_at,entity_type,entity_id,contact_id,company_id,type,line1,line2,city,city_folded,
  region,region_folded,postal_code,country,latitude,longitude,is_primary,position
}');
SELECT kith_protect_table('social_media_accounts', '{
  tenant_id,id,created_at,updated_at,entity_type,entity_id,contact_id,company_id,platform,handle,handle_folded,url,
  is_primary,position
}');
SELECT kith_protect_table('custom_field_definitions', '{tenant_id,id,entity_type,key,type,archived_at}');
SELECT kith_protect_table('custom_field_values', '{
  tenant_id,id,created_at,updated_at,entity_type,entity_id,contact_id,company_id,definition_id,text_value,
  text_value_key,number_value,boolean_value,date_value,datetime_value,option_values,currency_code
}');

-- Nobody deletes a tenant through the API.
REVOKE DELETE ON tenants FROM kith_app;
-- Readiness compares the migrations that were applied with those that the build knows; the table may not exist when this
-- runs in a shadow database.
DO $$
BEGIN
  IF to_regclass('_prisma_migrations') IS NOT NULL THEN
    GRANT SELECT (migration_name, finished_at, rolled_back_at) ON _prisma_migrations TO kith_system;
  END IF;
END
$$;
