import { accept, quote, refuse, type Checked } from './checked.js'
import { checkLine } from './text.js'

type Platform = 'LINKEDIN' | 'X' | 'FACEBOOK' | 'INSTAGRAM' | 'YOUTUBE' | 'MASTODON' | 'GITHUB' | 'OTHER'

const RULE = { maxLength: 255, what: 'handle' }
// A profile's URL is longer than the handle in it.
const URL_RULE = { maxLength: 2048, what: 'handle' }

/** Where a profile's address has the handle, after scheme and `www.`; pages that aren't profiles don't match. */
const PROFILES: Readonly<Partial<Record<Platform, RegExp>>> = {
  LINKEDIN: /^(?:[a-z]{2,3}\.)?linkedin\.com\/(?:in|pub|company|school|showcase)\/([^/?#]+)/i,
  X: /^(?:mobile\.)?(?:x|twitter)\.com\/(?!(?:i|home|search|share|intent|hashtag)(?:[/?#]|$))([^/?#]+)/i,
  FACEBOOK:
    /^(?:[a-z-]{1,5}\.)?(?:facebook|fb)\.com\/(?:pg\/)?(?!profile\.php|(?:groups|pages|people|events|watch)(?:[/?#]|$))([^/?#]+)/i,
  INSTAGRAM: /^instagram\.com\/(?!(?:p|reel|explore|stories)(?:[/?#]|$))([^/?#]+)/i,
  YOUTUBE: /^(?:m\.)?youtube\.com\/(?:c\/|user\/|channel\/)?(?!(?:watch|playlist|shorts)(?:[/?#]|$))([^/?#]+)/i,
  GITHUB: /^github\.com\/(?:orgs\/)?([^/?#]+)/i,
}
const MASTODON_PROFILE = /^([^/@?#]+)\/(?:@|users\/)([^/@?#]+)/i

/**
 * The name of an account, without leading @; 255 characters at most, none of them white space or a slash. The address
 * of a profile on `platform` gives the handle in it (`https://www.linkedin.com/in/ada` gives `ada`, a Mastodon profile
 * `user@server`). Letters keep their case.
 */
export function checkSocialHandle(value: string, platform: Platform): Checked<string> {
  const line = checkLine(value, URL_RULE)
  if (!line.ok) return line
  const named = line.value.includes('/') ? handleInAddress(line.value, platform) : line.value
  if (named === null) {
    return refuse(
      `${quote(line.value)} holds a slash and is no profile on this platform: give the name of the account.`,
    )
  }
  const handle = checkLine(named.replace(/^@+/, ''), RULE)
  if (!handle.ok) return handle
  if (/[\s/]/.test(handle.value))
    return refuse(`${quote(handle.value)} is not a handle: it may hold no white space and no slash.`)
  return handle.value.startsWith('@') ? refuse(`${quote(handle.value)} is not a handle.`) : accept(handle.value)
}

function handleInAddress(text: string, platform: Platform): string | null {
  const address = text.replace(/^https?:\/\//i, '').replace(/^www\./i, '')
  const mastodon = platform === 'MASTODON' ? MASTODON_PROFILE.exec(address) : null
  const handle = mastodon ? `${mastodon[2]}@${mastodon[1]?.toLowerCase()}` : PROFILES[platform]?.exec(address)?.[1]
  if (handle === undefined) return null
  try {
    return decodeURIComponent(handle)
  } catch {
    return handle
  }
}
