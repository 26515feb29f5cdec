interface Network {
  readonly platform: string
  readonly base: string
}

const PERSON: readonly Network[] = [
  { platform: 'LINKEDIN', base: 'https://www.linkedin.com/in/' },
  { platform: 'X', base: 'https://x.com/' },
  { platform: 'GITHUB', base: 'https://github.com/' },
]
const COMPANY: readonly Network[] = [
  { platform: 'LINKEDIN', base: 'https://www.linkedin.com/company/' },
  { platform: 'FACEBOOK', base: 'https://www.facebook.com/' },
  { platform: 'INSTAGRAM', base: 'https://www.instagram.com/' },
]

/** A person's account, on another network for each position (1 to 3): columns of a row of social media accounts. */
export function personAccount(handle: string, position: number): Record<string, string> {
  return account(PERSON, handle, position)
}

/** A company's account, likewise. */
export function companyAccount(handle: string, position: number): Record<string, string> {
  return account(COMPANY, handle, position)
}

function account(networks: readonly Network[], handle: string, position: number): Record<string, string> {
  const { platform, base } = networks[position - 1] as Network
  return { platform, handle, url: `${base}${handle}` }
}
