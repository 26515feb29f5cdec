import { expect, test } from '@jest/globals'
import { checkSocialHandle } from '../../../src/lib/value/social-handle.js'

test.each([
  ['X', 'SenatorCantwell', 'SenatorCantwell'],
  ['X', ' @SenatorCantwell ', 'SenatorCantwell'],
  ['X', 'https://x.com/SenatorCantwell', 'SenatorCantwell'],
  ['X', 'https://twitter.com/@SenatorCantwell?lang=en', 'SenatorCantwell'],
  ['X', 'mobile.twitter.com/ada/status/1', 'ada'],
  ['LINKEDIN', 'https://www.linkedin.com/in/ada-lovelace-123/', 'ada-lovelace-123'],
  ['LINKEDIN', 'https://de.linkedin.com/in/j%C3%BCrgen', 'jürgen'],
  ['LINKEDIN', 'linkedin.com/company/acme', 'acme'],
  ['FACEBOOK', 'https://m.facebook.com/acme', 'acme'],
  ['FACEBOOK', 'first.last', 'first.last'],
  ['INSTAGRAM', 'instagram.com/acme/', 'acme'],
  ['YOUTUBE', 'https://www.youtube.com/@acme', 'acme'],
  ['YOUTUBE', 'https://youtube.com/channel/UCN52UDqKgvHRk39ncySrIMw', 'UCN52UDqKgvHRk39ncySrIMw'],
  ['GITHUB', 'https://github.com/acme/repository', 'acme'],
  ['MASTODON', '@ada@mastodon.social', 'ada@mastodon.social'],
  ['MASTODON', 'https://Mastodon.social/@ada', 'ada@mastodon.social'],
  ['MASTODON', 'https://mastodon.social/users/ada', 'ada@mastodon.social'],
  ['OTHER', 'live:.cid.12', 'live:.cid.12'],
  ['OTHER', '山田太郎', '山田太郎'],
] as const)('%s %j', (platform, value, handle) => {
  expect(checkSocialHandle(value, platform)).toEqual({ ok: true, value: handle })
})

const SLASH = 'holds a slash and is no profile on this platform: give the name of the account.'
const SPACE = 'is not a handle: it may hold no white space and no slash.'

test.each([
  ['X', '', 'The handle is empty.'],
  ['X', '@', 'The handle is empty.'],
  ['X', 'Ada Lovelace', `“Ada Lovelace” ${SPACE}`],
  ['LINKEDIN', 'linkedin.com/in/a%2Fb', `“a/b” ${SPACE}`],
  ['X', '@ada\u0000', 'The handle holds the control character U+0000 at position 5.'],
  ['X', 'https://github.com/ada', `“https://github.com/ada” ${SLASH}`],
  ['X', 'https://x.com/', `“https://x.com/” ${SLASH}`],
  ['X', 'https://x.com/search?q=ada', `“https://x.com/search?q=ada” ${SLASH}`],
  ['X', 'https://x.com.evil.example/ada', `“https://x.com.evil.example/ada” ${SLASH}`],
  ['FACEBOOK', 'facebook.com/profile.php?id=1', `“facebook.com/profile.php?id=1” ${SLASH}`],
  ['YOUTUBE', 'https://youtube.com/watch?v=1', `“https://youtube.com/watch?v=1” ${SLASH}`],
  ['OTHER', 'https://example.com/ada', `“https://example.com/ada” ${SLASH}`],
  ['X', 'a'.repeat(256), 'The handle has 256 characters; at most 255 are allowed.'],
] as const)('%s refuses %j', (platform, value, problem) => {
  expect(checkSocialHandle(value, platform)).toEqual({ ok: false, problem })
})
