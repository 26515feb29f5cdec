/** The slug of the tenant that a first local start fills with demo data. */
export const DEMO_SLUG = 'demo'
