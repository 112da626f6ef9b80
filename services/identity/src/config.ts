import { join } from 'node:path'
import { loadSecret, readProcessConfig } from '@hospital/service'

const env = process.env
const base = readProcessConfig('identity', env)

/** The settings of identity; the only place that reads the environment. */
export const config = {
  ...base,
  /** PEM blocks of Ed25519 private keys: the first signs, the others are still accepted (key change). */
  signingKey: loadSecret(env, 'identity_signing_key'),
  /** What hashes mailed codes and encrypts authenticator secrets in the database; never changes. */
  dataKey: loadSecret(env, 'identity_data_key'),
  mail: {
    /** `smtp://user:password@host:port`; without it mails become files in the data directory. */
    smtpUrl: env['SMTP_URL'],
    from: env['MAIL_FROM'] ?? 'Hospital <no-reply@localhost>',
    folder: join(base.dataDir, 'mail'),
  },
}
