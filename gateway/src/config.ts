import type { ServiceName } from '@hospital/contracts'
import { isProduction, loadSecret } from '@hospital/service/config'
import { readIssuers, type TrustedIssuer } from './trusted-issuers.ts'

/** Requests allowed per minute before 429. Generous: a whole hospital may sit behind one address. */
export interface Limits {
  perUser: number
  perAddress: number
  /** Sign-in attempts of one address; guessing one account is slowed by identity, wherever it comes from. */
  signInsPerAddress: number
}

/** Everything the gateway is told from outside. */
export interface GatewayConfig {
  host: string
  port: number
  logLevel: string
  production: boolean
  services: Record<ServiceName, string>
  natsUrl: string
  natsPassword: string | undefined
  /** Ed25519 private key, PKCS 8 PEM; signs context tokens. */
  signingKey: string
  issuers: readonly TrustedIssuer[]
  /** Origins whose pages may call the API from a browser; none unless configured. */
  corsOrigins: readonly string[]
  /** Proxies in front of the gateway, whose X-Forwarded-For is believed; none unless configured. */
  trustedProxies: string[]
  limits: Limits
  /** How long a service may take to begin its answer. */
  answerTimeoutMs: number
  /** The same for imports, which are worked on after their last byte has arrived. */
  importTimeoutMs: number
  /** Requests are turned away while the process is so much behind with its work. */
  maxDelayMs: number
}

type Environment = Readonly<Record<string, string | undefined>>

const need = (env: Environment, name: string): string => {
  const value = env[name]
  if (!value) throw new Error(`${name} is not set. See the configuration table in README.md.`)
  return value
}

const positive = (env: Environment, name: string, otherwise: number): number => {
  const value = Number(env[name] || otherwise)
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} must be a whole number above 0.`)
  return value
}

const list = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean)

/** Reads the environment; says in one line what is missing or wrong. */
export function readConfig(env: Environment = process.env): GatewayConfig {
  const natsUrl = need(env, 'NATS_URL')
  return {
    host: env['HOST'] || 'localhost',
    port: positive(env, 'PORT', 3000),
    logLevel: env['LOG_LEVEL'] || 'info',
    production: isProduction(env),
    services: {
      identity: need(env, 'IDENTITY_URL'),
      clinical: need(env, 'CLINICAL_URL'),
      scheduling: need(env, 'SCHEDULING_URL'),
    },
    natsUrl,
    natsPassword: hasCredentials(natsUrl) ? undefined : loadSecret(env, 'nats_gateway_password'),
    signingKey: loadSecret(env, 'gateway_signing_key'),
    issuers: readIssuers(env['OIDC_ISSUERS'], isProduction(env)),
    corsOrigins: list(env['CORS_ORIGINS']),
    trustedProxies: list(env['TRUSTED_PROXIES']),
    limits: {
      perUser: positive(env, 'RATE_LIMIT_PER_USER', 30_000),
      perAddress: positive(env, 'RATE_LIMIT_PER_ADDRESS', 12_000),
      signInsPerAddress: positive(env, 'RATE_LIMIT_SIGN_INS', 600),
    },
    answerTimeoutMs: positive(env, 'ANSWER_TIMEOUT_MS', 15_000),
    importTimeoutMs: positive(env, 'IMPORT_TIMEOUT_MS', 120_000),
    maxDelayMs: positive(env, 'MAX_DELAY_MS', 5_000),
  }
}

const hasCredentials = (url: string): boolean => url.includes('@')
