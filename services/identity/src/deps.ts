import type { Deps } from '@hospital/service'
import type { AccessTokens } from './auth/access-token-adapter.ts'
import type { Passwords } from './auth/password-adapter.ts'
import type { Keys } from './keys.ts'
import type { Mailer } from './mail/mail-adapter.ts'

/** What identity's features are built from, besides what every service has. */
export interface IdentityDeps extends Deps {
  tokens: AccessTokens
  passwords: Passwords
  keys: Keys
  mailer: Mailer
  /** In production the public password of the demo hospitals opens nothing. */
  production: boolean
  /** Lets an answer leave before the work is done, so that its time tells nothing; awaited when the service stops. */
  background(name: string, work: () => Promise<void>): void
}
