import { existsSync, readFileSync } from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'
import { isProduction } from '@hospital/service/config'
import { Failure } from './failure.ts'

export const services = ['identity', 'clinical', 'scheduling'] as const
export type Service = (typeof services)[number]

/** What the command line tool reads from the environment. */
export interface Config {
  root: string
  dataDir: string
  /** One file a secret; inside the data folder unless SECRETS_DIR says otherwise. */
  secretsDir: string
  port: number
  host: string
  production: boolean
  /** What HOSPITAL_DEMO says about demo hospitals; when it says nothing, `decideDemo` looks at the databases. */
  demo: boolean | undefined
  /** Owner URLs that the environment gives; a service without one gets a database in the embedded PostgreSQL. */
  databaseUrls: Partial<Record<Service, string>>
  natsUrl: string | undefined
  searchPath: string
  /** Relative paths on the command line start here. */
  calledFrom: string
  isTerminal: boolean
  /** What the programs inherit: everything but what npm adds and what is told to each of them separately. */
  inherited: Record<string, string | undefined>
}

const root = join(import.meta.dirname, '../../..')

/** Reads the settings; fails with one line on a value that cannot be meant. */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const calledFrom = env.HOSPITAL_CALLED_FROM ?? root
  const dataDir = from(calledFrom, env.HOSPITAL_DATA_DIR) ?? join(root, '.data')
  return {
    root,
    dataDir,
    secretsDir: from(calledFrom, env.SECRETS_DIR) ?? join(dataDir, 'secrets'),
    port: portOf(env.PORT),
    host: env.HOST || 'localhost',
    ...readMode(env),
    databaseUrls: databaseUrls(env),
    natsUrl: env.NATS_URL || undefined,
    searchPath: env.PATH ?? '',
    calledFrom,
    isTerminal: process.stdout.isTTY === true,
    inherited: inherited(env),
  }
}

/** A path as it is short for whoever called. */
export function near({ calledFrom }: Config, path: string): string {
  const short = relative(calledFrom, path)
  return short === '' || short.startsWith('..') ? path : short
}

/** Refuses every word that is not known: it may have been meant to protect somebody's data. */
function readMode(env: Record<string, string | undefined>): Pick<Config, 'production' | 'demo'> {
  const production = isProduction(env)
  const word = env.HOSPITAL_DEMO || undefined
  if (word !== undefined && word !== 'true' && word !== 'false')
    throw new Failure(`HOSPITAL_DEMO is "${word}": set it to true or false, or leave it out.`)
  if (production && word === 'true')
    throw new Failure(
      'HOSPITAL_DEMO=true and NODE_ENV=production exclude each other, demo passwords are public: for a real system set HOSPITAL_DEMO=false.',
    )
  return { production, demo: word === undefined ? undefined : word === 'true' }
}

/** Whether a fault is shown with its stack. Asked where the settings themselves may be at fault. */
export const showsStacks = (env: Record<string, string | undefined> = process.env): boolean => env.LOG_LEVEL === 'debug'

function from(folder: string, path: string | undefined): string | undefined {
  if (!path) return undefined
  return isAbsolute(path) ? path : join(folder, path)
}

function portOf(text: string | undefined): number {
  const port = Number(text || 3000)
  return Number.isInteger(port) && port > 0 && port < 65536 ? port : Number.NaN
}

/** With DATABASE_URL alone, identity lives in that database, the others beside it in `<name>_<service>`. */
function databaseUrls(env: Record<string, string | undefined>): Partial<Record<Service, string>> {
  const found: Partial<Record<Service, string>> = {}
  for (const service of services) {
    const own = env[`${service.toUpperCase()}_DATABASE_URL`]
    const url = own || (env.DATABASE_URL ? besides(env.DATABASE_URL, service) : undefined)
    if (url) found[service] = withPassword(url, env.DATABASE_OWNER_PASSWORD_FILE)
  }
  return found
}

/** A URL without a password takes it from a file, where containers keep secrets. */
function withPassword(url: string, file: string | undefined): string {
  if (!file || !existsSync(file) || !URL.canParse(url)) return url
  const changed = new URL(url)
  if (changed.password === '') changed.password = encodeURIComponent(readFileSync(file, 'utf8').trim())
  return changed.href
}

function besides(url: string, service: Service): string {
  if (service === 'identity' || !URL.canParse(url)) return url
  const changed = new URL(url)
  changed.pathname = `${changed.pathname}_${service}`
  return changed.href
}

const told = ['PORT', 'HOST', 'NATS_URL', 'HOSPITAL_DATA_DIR', 'SECRETS_DIR', 'HOSPITAL_CALLED_FROM', 'INIT_CWD']

function inherited(env: Record<string, string | undefined>): Record<string, string | undefined> {
  const isOurs = (name: string) => told.includes(name) || name.endsWith('DATABASE_URL') || /^npm_/i.test(name)
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isOurs(name)))
}
