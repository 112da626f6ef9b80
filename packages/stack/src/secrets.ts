import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { weaknessOfSecret } from '@hospital/service/config'
import { type Config, services } from './config.ts'
import { programs } from './embedded/nats-config.ts'
import { Failure } from './failure.ts'

const random = () => randomBytes(32).toString('hex')
const signingKey = () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string

/** Every secret of the system, and how it is made. A public key is made from its private one. */
const makers: Record<string, () => string> = {
  database_owner_password: random,
  database_app_password: random,
  identity_signing_key: signingKey,
  identity_data_key: random,
  gateway_signing_key: signingKey,
  ...Object.fromEntries(programs.map((program) => [`nats_${program}_password`, random])),
}

export const secretNames: readonly string[] = [...Object.keys(makers), 'gateway_public_key']

type Inherited = Config['inherited']

/** A secret: the environment variable of its upper-case name wins, else the file of its name. */
export function readSecret(config: Config, name: string): string {
  const value = findSecret(config, name)
  if (value === undefined) throw new Failure(missing(config, name))
  return value
}

/** The key that signs context tokens. */
export function gatewayKey(config: Config): KeyObject {
  return createPrivateKey(readSecret(config, 'gateway_signing_key'))
}

function findSecret(config: Config, name: string): string | undefined {
  const given = (config.inherited as Inherited)[name.toUpperCase()]
  if (given) return given
  const file = join(config.secretsDir, name)
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined
}

/** Makes the secrets that are nowhere yet, each in a file that only its owner can read. Answers their names. */
export function makeSecrets(config: Config): string[] {
  mkdirSync(config.secretsDir, { recursive: true, mode: 0o700 })
  const made: string[] = []
  const keep = (name: string, value: string) => {
    writeFileSync(join(config.secretsDir, name), value, { mode: 0o600, flag: 'wx' })
    made.push(name)
  }
  for (const [name, make] of Object.entries(makers)) if (findSecret(config, name) === undefined) keep(name, make())
  if (findSecret(config, 'gateway_public_key') === undefined) {
    keep('gateway_public_key', createPublicKey(gatewayKey(config)).export({ type: 'spki', format: 'pem' }) as string)
  }
  for (const name of made) chmodSync(join(config.secretsDir, name), 0o600)
  return made
}

/** In production nothing is made up silently: what is missing, short or an example stops the start. */
export function checkSecrets(config: Config): void {
  for (const name of secretNames.filter((name) => isUsed(config, name))) {
    const value = findSecret(config, name)
    if (value === undefined) throw new Failure(missing(config, name))
    const weakness = weaknessOfSecret(value)
    if (weakness !== undefined) throw new Failure(`The secret ${name} ${weakness}.`)
  }
}

/** Servers of one's own have passwords of their own, in their URLs. */
function isUsed(config: Config, name: string): boolean {
  const isGiven = services.every((service) => config.databaseUrls[service] !== undefined)
  if (name === 'database_owner_password') return !isGiven
  return !(name.startsWith('nats_') && config.natsUrl?.includes('@'))
}

function missing(config: Config, name: string): string {
  return `The secret ${name} is missing: run "npm run hospital -- secrets" to make it in ${config.secretsDir}, or set ${name.toUpperCase()}.`
}
