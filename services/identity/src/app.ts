import { createServiceApp, type Deps, type Route, type Running, type ServiceParts } from '@hospital/service'
import { respondDenials } from './audit-events/responders.ts'
import { auditEventRoutes } from './audit-events/routes.ts'
import { createAccessTokens } from './auth/access-token-adapter.ts'
import { createPasswords } from './auth/password-adapter.ts'
import { respondAboutSessions } from './auth/responders.ts'
import { authRoutes } from './auth/routes.ts'
import { createBackground } from './background.ts'
import type { IdentityDeps } from './deps.ts'
import { respondAboutExternal } from './external-identities/responders.ts'
import { createKeys } from './keys.ts'
import { createMailer, type MailSettings } from './mail/mail-adapter.ts'
import { mfaRoutes } from './mfa/routes.ts'
import { forgetExpired } from './retention.ts'
import { roleRoutes } from './roles/routes.ts'
import { securityRoutes } from './security/routes.ts'
import { sessionRoutes } from './sessions/routes.ts'
import { consumeProvisionings, retryProvisioning } from './tenants/consumers.ts'
import { tenantRoutes } from './tenants/routes.ts'
import { respondAboutUsers } from './users/responders.ts'
import { userRoutes } from './users/routes.ts'
import { consumeInvitations } from './verification/consumers.ts'
import { verificationRoutes } from './verification/routes.ts'

/** What identity needs besides what every service has. */
interface IdentitySettings {
  /** PEM; see createAccessTokens. */
  signingKey: string
  /** What the keys for hashed codes and sealed columns are derived from. */
  dataKey: string
  mail: MailSettings
  production: boolean
}

/** Everything identity does: the operations of its features, and what it hears and answers over NATS. */
export async function buildIdentity(base: Deps, settings: IdentitySettings): Promise<ServiceParts> {
  const background = createBackground(base.log)
  const deps: IdentityDeps = {
    ...base,
    tokens: createAccessTokens(settings.signingKey),
    passwords: await createPasswords(),
    keys: createKeys(settings.dataKey),
    mailer: createMailer(settings.mail),
    production: settings.production,
    background: background.run,
  }
  const routes: Route[] = [
    ...authRoutes(deps),
    ...verificationRoutes(deps),
    ...mfaRoutes(deps),
    ...sessionRoutes(),
    ...userRoutes(deps),
    ...roleRoutes(),
    ...securityRoutes(),
    ...tenantRoutes(deps),
    ...auditEventRoutes(deps),
  ]
  return {
    app: createServiceApp('identity', deps, routes),
    start: (): Running[] => [
      ...respondAboutSessions(deps),
      respondAboutExternal(deps),
      respondDenials(deps),
      ...respondAboutUsers(deps),
      ...consumeProvisionings(deps),
      retryProvisioning(deps),
      consumeInvitations(deps),
      forgetExpired(deps),
      background,
    ],
  }
}
