/** A name of the code as people say it: `companySize` and `CompanySize` as `company size`. */
export function words(name: string): string {
  return name.replace(/(?!^)[A-Z]/g, ' $&').toLowerCase()
}
