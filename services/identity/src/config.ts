import { join } from 'node:path'
import { loadSecret, readProcessConfig } from '@hospital/service'

const env = process.env
const base = readProcessConfig('identity', env)
const signingKey = loadSecret(env, 'identity_signing_key')

/** Of its own, so that the signing key can be changed; where it is not given it follows from the signing key. */
function readDataKey(): string {
  try {
    return loadSecret(env, 'identity_data_key')
  } catch {
    return signingKey
  }
}

/** The settings of identity; the only place that reads the environment. */
export const config = {
  ...base,
  /** PEM blocks of Ed25519 private keys: the first signs, the others are still accepted (key change). */
  signingKey,
  dataKey: readDataKey(),
  mail: {
    /** `smtp://user:password@host:port`; without it mails become files in the data directory. */
    smtpUrl: env['SMTP_URL'],
    from: env['MAIL_FROM'] ?? 'Hospital <no-reply@localhost>',
    folder: join(base.dataDir, 'mail'),
  },
}
