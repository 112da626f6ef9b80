import { createHash } from 'node:crypto'
import type { ServiceName } from '@hospital/contracts'

export type { ServiceName }

/** Schemas that can never be a tenant's own. */
const reserved = new Set(['public', 'extensions', 'information_schema', 'identity', 'clinical', 'scheduling'])

/**
 * True for an id that can be a schema name without surprises. `platform`, the operators' tenant, has a schema too: it holds
 * no patients, but what operators were refused is on record there.
 */
export const isTenantId = (id: string): boolean => /^[a-z][a-z0-9_]{2,62}$/.test(id) && !id.startsWith('pg_')

/** True for an id that a tenant schema may carry. */
export const isTenantSchema = (id: string): boolean => isTenantId(id) && !reserved.has(id)

/** The schema of a service's global tables. */
export const globalSchema = (service: ServiceName): string => (service === 'identity' ? 'public' : service)

/** The roles of one database. Roles belong to the whole cluster, so the names start with the database's. */
export interface DatabaseRoles {
  /** Logs in, owns nothing, may become one of the others. */
  app: string
  /** What every tenant role is a member of; in identity the role of every tenant's transaction. */
  tenant: string
  /** What `inGlobal` runs as. */
  global: string
}

/** @param prefix the database's name, unless it was copied from another database whose roles it keeps */
export function databaseRoles(prefix: string): DatabaseRoles {
  if (Buffer.byteLength(prefix) > 50) throw new RangeError(`The database name ${prefix} is longer than 50 bytes`)
  return { app: `${prefix}_app`, tenant: `${prefix}_tenant`, global: `${prefix}_global` }
}

/** The role of one tenant in one database; readable, unique by its hash, at most 63 bytes. */
export function tenantRole(prefix: string, tenantId: string): string {
  const hash = createHash('sha256').update(`${prefix}\0${tenantId}`).digest('hex').slice(0, 16)
  return `t_${hash}_${tenantId.slice(0, 44)}`
}

/** The name of the database a URL points at. */
export function databaseName(databaseUrl: string): string {
  const name = decodeURIComponent(new URL(databaseUrl).pathname.slice(1))
  if (name === '') throw new Error('The database URL names no database')
  return name
}

/** The URL that a service runs with: the same database as the owner's, signed in as the role without power. */
export function runtimeUrl(ownerUrl: string, password: string, prefix: string = databaseName(ownerUrl)): string {
  const url = new URL(ownerUrl)
  url.username = encodeURIComponent(databaseRoles(prefix).app)
  url.password = encodeURIComponent(password)
  return url.href
}

/** The role prefix of a runtime URL, from the user it signs in as. */
export function rolePrefix(url: string): string {
  const user = decodeURIComponent(new URL(url).username)
  if (!user.endsWith('_app')) throw new Error('The runtime database URL must sign in as <database>_app')
  return user.slice(0, -'_app'.length)
}

/** Quotes an identifier for SQL text. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Quotes a string for SQL text that cannot take parameters (DDL). */
export function literal(value: string): string {
  if (value.includes('\\')) throw new Error('A backslash has no place in a SQL literal here')
  return `'${value.replaceAll("'", "''")}'`
}
