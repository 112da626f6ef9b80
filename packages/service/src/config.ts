import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServiceName } from '@hospital/contracts'

/** Settings every service has, read once at start. */
export interface ProcessConfig {
  service: ServiceName
  production: boolean
  /** With NODE_ENV=test, what a contract does not declare fails. */
  holdsContracts: boolean
  host: string
  port: number
  logLevel: string
  dataDir: string
  /** Connection of the owner: provisioning and audit sealing. */
  ownerUrl: string
  appPassword: string
  natsUrl: string
  natsPassword: string | undefined
  gatewayPublicKey: string
}

type Environment = Readonly<Record<string, string | undefined>>

const need = (env: Environment, name: string): string => {
  const value = env[name]
  if (!value) throw new Error(`${name} is not set. See the configuration table in README.md.`)
  return value
}

/**
 * Whether NODE_ENV says `production`. The one place that reads it: every program asks here.
 * @throws on a word that is none of Node's, `prod` or `Production`: what was meant to protect must not be overheard
 */
export function isProduction(env: Environment): boolean {
  const mode = env['NODE_ENV'] || 'development'
  if (mode === 'production') return true
  if (mode === 'development' || mode === 'test') return false
  throw new Error(
    `NODE_ENV is "${mode}", which nothing here knows: set it to production, development or test, or leave it out.`,
  )
}

/** Why a secret is none, or undefined: what production refuses. */
export const weaknessOfSecret = (value: string): string | undefined =>
  value.length < 24 || /change|example|secret|password123/i.test(value.slice(0, 60))
    ? 'is too short or an example: use at least 24 random characters'
    : undefined

/**
 * A secret: the environment variable of its upper-case name, else the file of its name in SECRETS_DIR.
 * @throws when it is nowhere, or in production too short or an example
 */
export function loadSecret(env: Environment, name: string): string {
  const fromEnv = env[name.toUpperCase()]
  const value = fromEnv ?? readSecretFile(env, name)
  if (!value)
    throw new Error(`The secret ${name} is missing: set ${name.toUpperCase()} or put a file ${name} into SECRETS_DIR.`)
  const weakness = isProduction(env) ? weaknessOfSecret(value) : undefined
  if (weakness !== undefined) throw new Error(`The secret ${name} ${weakness}.`)
  return value
}

function readSecretFile(env: Environment, name: string): string | undefined {
  if (!env['SECRETS_DIR']) return undefined
  try {
    return readFileSync(join(env['SECRETS_DIR'], name), 'utf8').trim()
  } catch {
    return undefined
  }
}

/**
 * With DATABASE_URL alone, identity lives in that database, the others beside it in `<name>_<service>`. A URL without a
 * password takes it from the file that DATABASE_OWNER_PASSWORD_FILE names.
 */
function databaseUrlOf(env: Environment, service: ServiceName): string {
  const own = env[`${service.toUpperCase()}_DATABASE_URL`]
  const url = new URL(own || need(env, 'DATABASE_URL'))
  if (!own && service !== 'identity') url.pathname = `${url.pathname}_${service}`
  const passwordFile = env['DATABASE_OWNER_PASSWORD_FILE']
  if (passwordFile && !url.password) url.password = encodeURIComponent(readFileSync(passwordFile, 'utf8').trim())
  return url.href
}

/** Reads what every service needs from the environment. */
export function readProcessConfig(service: ServiceName, env: Environment): ProcessConfig {
  const natsUrl = need(env, 'NATS_URL')
  return {
    service,
    production: isProduction(env),
    holdsContracts: env['NODE_ENV'] === 'test',
    host: env['HOST'] || 'localhost',
    port: Number(need(env, 'PORT')),
    logLevel: env['LOG_LEVEL'] ?? 'info',
    dataDir: env['HOSPITAL_DATA_DIR'] ?? '.data',
    ownerUrl: databaseUrlOf(env, service),
    appPassword: loadSecret(env, 'database_app_password'),
    natsUrl,
    natsPassword: new URL(natsUrl).username ? undefined : loadSecret(env, `nats_${service}_password`),
    gatewayPublicKey: loadSecret(env, 'gateway_public_key'),
  }
}
