import { setTimeout as sleep } from 'node:timers/promises'
import { Type } from '@sinclair/typebox'
import { createPool, type DatabasePool, type DatabaseTransactionConnection } from 'slonik'
import { auditKey } from './audit/mac.ts'
import { driverFactory } from './driver.ts'
import { DatabaseUnavailable, errorCode, OutcomeUnknown, translateError } from './errors.ts'
import { databaseRoles, isTenantId, quoted, rolePrefix, type ServiceName, tenantRole } from './names.ts'
import { createPermits } from './permits.ts'
import { resultParser, sql } from './sql.ts'
import { bindTransaction, type GlobalTx, type TenantContext, type TenantTx } from './transaction.ts'

interface DatabaseOptions {
  /** The runtime URL: signs in as `<database>_app`, never as the owner. */
  url: string
  service: ServiceName
  /** Where the service's global tables live: `public` or the service's name. */
  schema: string
  maxPoolSize?: number
  /** How long a caller waits for a connection before DatabaseUnavailable. */
  acquireTimeoutMs?: number
  statementTimeoutMs?: number
  lockTimeoutMs?: number
  /** How long `createDatabase` keeps trying to reach PostgreSQL. */
  connectTimeoutMs?: number
  /** Told about connections that die while idle and about tries to connect that failed. */
  onError?: (error: unknown) => void
}

/** One service's database. The pool stays inside; the two doors are the only way to a connection. */
export interface Database {
  readonly options: Readonly<DatabaseOptions>
  /** One transaction over one tenant's data. Retried as a whole on serialization failure and deadlock: no side effects in it. */
  inTenant<T>(context: TenantContext, work: (tx: TenantTx) => Promise<T>): Promise<T>
  /** One transaction over the service's global tables, for what has no tenant yet: sign-in, relay, tenants themselves. */
  inGlobal<T>(work: (tx: GlobalTx) => Promise<T>): Promise<T>
  /** Rejects with DatabaseUnavailable when PostgreSQL does not answer. */
  ping(): Promise<void>
  /** True when the database answers within two seconds. */
  isReady(): Promise<boolean>
  /**
   * The hospitals whose audit trail this process wrote to, and when it did last (`performance.now()`); the sealer takes out
   * those in which nothing waits any more.
   */
  readonly writtenTrails: Map<string, number>
  /** Connections in use and callers waiting for one. */
  load(): { inUse: number; waiting: number }
  close(): Promise<void>
}

/** Settings of a transaction; set LOCAL, so they end with it and the connection needs no reset. */
type Settings = readonly (readonly [name: string, value: string])[]

/** Sets everything in one round trip; the role last, because the tenant role may not call set_config. */
async function applySettings(connection: DatabaseTransactionConnection, settings: Settings): Promise<void> {
  const calls = settings.map(([name, value]) => sql.fragment`set_config(${name}, ${value}, true)`)
  await connection.query(sql.unsafe`SELECT ${sql.join(calls, sql.fragment`, `)}`)
}

const Version = Type.Object({ version: Type.Integer() })

/** Waits until PostgreSQL answers; tells its version, e.g. 180004. */
async function reach(pool: DatabasePool, deadlineMs: number, onError: (error: unknown) => void): Promise<number> {
  const giveUpAt = Date.now() + deadlineMs
  for (let waitMs = 100; ; waitMs = Math.min(waitMs * 2, 2_000)) {
    try {
      return await pool.oneFirst(sql.type(Version)`SELECT current_setting('server_version_num')::int AS version`)
    } catch (error) {
      const translated = translateError(error)
      if (!(translated instanceof DatabaseUnavailable) || Date.now() > giveUpAt) throw translated
      onError(translated)
      await sleep(waitMs)
    }
  }
}

type Outcome<T> = { result: T } | { error: unknown }

/**
 * Carries a refusal past the pool, which closes a connection whenever an error passes through it: after the rollback
 * there is nothing wrong with it, and signing in anew for every refused request costs ten times the request.
 */
async function keepConnection<T>(run: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { result: await run() }
  } catch (error) {
    const translated = translateError(error)
    if (translated instanceof DatabaseUnavailable && translated.reason !== 'conflict') throw error
    return { error: translated }
  }
}

/** Opens the pool and waits until PostgreSQL answers. */
export async function createDatabase(options: DatabaseOptions): Promise<Database> {
  const size = options.maxPoolSize ?? 10
  const statementTimeoutMs = options.statementTimeoutMs ?? 15_000
  const onError = options.onError ?? (() => {})
  const prefix = rolePrefix(options.url)
  const roles = databaseRoles(prefix)
  const password = decodeURIComponent(new URL(options.url).password)
  const audit = { key: auditKey(password), writtenTrails: new Map<string, number>() }
  const binding = { globalSchema: options.schema, audit }
  const permits = createPermits(size, options.acquireTimeoutMs ?? 5_000)
  const pool = await createPool(options.url, {
    driverFactory: driverFactory({
      applicationName: `hospital-${options.service}`,
      connectTimeoutMs: 5_000,
      queryTimeoutMs: statementTimeoutMs + 5_000,
    }),
    interceptors: [resultParser],
    maxPoolSize: size,
    idleTimeout: 60_000,
    connectionRetryLimit: 1,
    // Every access is a transaction with local settings, so there is nothing to reset (DISCARD ALL costs a round trip).
    resetConnection: async () => {},
  })
  pool.on('error', onError)
  const version = await reach(pool, options.connectTimeoutMs ?? 60_000, onError)

  const limits: Settings = [
    ['statement_timeout', String(statementTimeoutMs)],
    ['lock_timeout', String(options.lockTimeoutMs ?? 5_000)],
    ['idle_in_transaction_session_timeout', '30000'],
    // The audit seal counts on every transaction being over after a while; older servers hold it by the limits above.
    ...(version >= 170_000 ? [['transaction_timeout', '120000'] as const] : []),
  ]
  const shared: Settings = [...limits, ['search_path', `${quoted(options.schema)}, extensions`]]

  const run = async <Tx extends TenantTx | GlobalTx, T>(
    settings: Settings,
    context: TenantContext | null,
    work: (tx: Tx) => Promise<T>,
  ): Promise<T> => {
    let isDecided = false
    const transact = async (connection: DatabaseTransactionConnection): Promise<T> => {
      isDecided = false
      await applySettings(connection, settings)
      const handle = bindTransaction<Tx>(connection, binding, context)
      try {
        const result = await work(handle.tx)
        isDecided = true
        return result
      } finally {
        handle.close()
      }
    }
    const outcome = await permits
      .run(() => pool.connect((connection) => keepConnection(() => connection.transaction(transact))))
      .catch((error: unknown) => ({ error: translateError(error) }))
    if (!('error' in outcome)) return outcome.result
    const isLostCommit =
      isDecided && outcome.error instanceof DatabaseUnavailable && outcome.error.reason === 'unreachable'
    throw isLostCommit ? new OutcomeUnknown(outcome.error) : outcome.error
  }

  const tenantSettings = (context: TenantContext): Settings => [
    ...(options.service === 'identity'
      ? shared
      : [...limits, ['search_path', `${quoted(context.tenantId)}, extensions`] as const]),
    ['app.tenant_id', context.tenantId],
    ['app.user_id', String(context.userId)],
    ['app.request_id', context.requestId],
    ['role', options.service === 'identity' ? roles.tenant : tenantRole(prefix, context.tenantId)],
  ]

  const ping = async (): Promise<void> => {
    try {
      await permits.run(() => pool.query(sql.unsafe`SELECT 1`))
    } catch (error) {
      throw translateError(error)
    }
  }

  return {
    options,
    inTenant: async <T>(context: TenantContext, work: (tx: TenantTx) => Promise<T>): Promise<T> => {
      if (!isTenantId(context.tenantId)) throw new TypeError('Not a tenant id')
      try {
        return await run<TenantTx, T>(tenantSettings(context), context, work)
      } catch (error) {
        throw isMissingRole(error) ? new DatabaseUnavailable('not-provisioned', error) : error
      }
    },
    inGlobal: <T>(work: (tx: GlobalTx) => Promise<T>): Promise<T> =>
      run<GlobalTx, T>([...shared, ['role', roles.global]], null, work),
    ping,
    isReady: async () => {
      const late = sleep(2_000, false, { ref: false })
      return Promise.race([
        ping().then(
          () => true,
          () => false,
        ),
        late,
      ])
    },
    load: () => ({ inUse: permits.inUse(), waiting: permits.waiting() }),
    writtenTrails: audit.writtenTrails,
    close: () => pool.end(),
  }
}

/** `SET role` to a role that is not there: the tenant's schema has not been made yet. */
const isMissingRole = (error: unknown): boolean =>
  errorCode(error) === '22023' &&
  error instanceof Error &&
  /^role .* does not exist$|parameter "role"/.test(error.message)
