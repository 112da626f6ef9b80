import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Permission } from '@hospital/contracts'
import { createDatabase, outboxReader } from '@hospital/database'
import { connectMessaging } from '@hospital/messaging'
import { createLog, createTroubles } from '@hospital/service'
import { startNats, temporaryFolder, testDatabase, testGateway } from '@hospital/testing'
import { hash } from '@node-rs/argon2'
import type { InjectOptions } from 'fastify'
import { buildIdentity } from '../src/app.ts'

/** Who asks: a user of a hospital, with the permissions of built-in roles or the given ones. */
export interface Asker {
  tenantId: string
  userId: number
  roles: readonly string[]
  permissions?: readonly Permission[]
  sessionId?: string
}

export interface Answer {
  status: number
  headers: Record<string, unknown>
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any
}

export const goodPassword = 'correct horse battery staple'

/** Identity with a database, NATS and mail folder of its own, and the hospitals hospital_a and hospital_b. */
export async function startIdentity(
  options: {
    smtpUrl?: string
    production?: boolean
    lockTimeoutMs?: number
    /** Consumers and jobs are started by the test. */
    isIdle?: boolean
  } = {},
) {
  const log = createLog('identity', 'silent')
  const gateway = testGateway()
  const folder = await temporaryFolder()
  const mailFolder = join(folder.path, 'mail')
  mkdirSync(mailFolder)
  const [db, nats] = await Promise.all([testDatabase('identity'), startNats()])
  const database = await createDatabase({
    url: db.url,
    service: 'identity',
    schema: 'public',
    maxPoolSize: 20,
    ...(options.lockTimeoutMs === undefined ? {} : { lockTimeoutMs: options.lockTimeoutMs }),
  })
  const messaging = await connectMessaging({ url: nats.url, name: 'identity', log })
  // Stands in for every other program.
  const outside = await connectMessaging({ url: nats.url, name: 'gateway', log })
  const signingKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  const mail = { smtpUrl: options.smtpUrl, from: 'Hospital <no-reply@example.org>', folder: mailFolder }
  const deps = {
    database,
    messaging,
    log,
    troubles: createTroubles(log),
    holdsContracts: true,
    gatewayPublicKey: gateway.publicKey,
    clock: () => new Date(),
  }
  const settings = { signingKey, dataKey: signingKey, mail, production: options.production ?? false }
  const { app, start } = await buildIdentity(deps, settings)
  await app.ready()
  await messaging.ensureStreams()
  const reader = outboxReader(database)
  messaging.startRelay(reader)
  const running = options.isIdle ? [] : start()
  await db.query(`INSERT INTO tenants (id, name) VALUES ('hospital_a', 'Hospital A'), ('hospital_b', 'Hospital B')`)

  const call = async (
    who: Asker | null,
    method: InjectOptions['method'],
    url: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const authorization = who ? gateway.bearer('identity', who) : gateway.anonymous('identity')
    const response = await app.inject({
      ...(method ? { method } : {}),
      url,
      headers: { authorization, ...headers },
      ...(body === undefined ? {} : { payload: body as Record<string, unknown> }),
    })
    return {
      status: response.statusCode,
      headers: response.headers,
      body: response.body === '' ? null : response.json(),
    }
  }

  const passwordHash = await hash(goodPassword)
  let made = 0

  /** A user straight in the tables; the password is `goodPassword` unless a hash is given. */
  const newUser = async (
    user: { tenant?: string; email?: string; role?: string; hash?: string; status?: string; name?: string } = {},
  ) => {
    const email = user.email ?? `person-${++made}@example.org`
    const tenant = user.tenant ?? 'hospital_a'
    const [row] = await db.query<{ id: number }>(
      'INSERT INTO users (tenant_id, name, email, password, status) VALUES ($1, $2, $3, $4, $5) RETURNING id',
      [tenant, user.name ?? `Person ${made}`, email, user.hash ?? passwordHash, user.status ?? 'active'],
    )
    const id = row?.id ?? 0
    const role = user.role ?? 'Nurse'
    await db.query('INSERT INTO user_roles (user_id, role_id) SELECT $1, id FROM roles WHERE name = $2', [id, role])
    const asker: Asker = { tenantId: tenant, userId: id, roles: [role] }
    return { id, email, tenant, asker }
  }

  return {
    app,
    deps,
    settings,
    reader,
    db,
    database,
    messaging,
    outside,
    natsUrl: nats.url,
    gateway,
    mailFolder,
    call,
    newUser,
    get: (who: Asker, url: string) => call(who, 'GET', url),
    post: (who: Asker | null, url: string, body?: unknown, headers?: Record<string, string>) =>
      call(who, 'POST', url, body, headers),
    patch: (who: Asker, url: string, version: number, body: unknown) =>
      call(who, 'PATCH', url, body, { 'if-match': `"${version}"` }),
    signIn: (email: string, more: Record<string, unknown> = {}) =>
      call(null, 'POST', '/api/auth/login', { email, password: goodPassword, ...more }),
    roleId: async (name: string): Promise<number> => {
      const [row] = await db.query<{ id: number }>('SELECT id FROM roles WHERE name = $1', [name])
      return row?.id ?? 0
    },
    /** Audit rows of an action, oldest first. */
    audit: (action: string, tenant = 'hospital_a') =>
      db.query<{ actor_id: number | null; outcome: string; problem: string | null; details: unknown }>(
        'SELECT actor_id, outcome, problem, details FROM audit_events WHERE action = $1 AND tenant_id = $2 ORDER BY id',
        [action, tenant],
      ),
    /** Data of the events of a type, oldest first. */
    events: async (entity: string, verb: string, tenant = 'hospital_a') => {
      const rows = await db.query<{ data: Record<string, unknown> }>(
        `SELECT envelope->'data' AS data FROM outbox WHERE subject = $1 ORDER BY sequence`,
        [`identity.${tenant}.${entity}.${verb}.v1`],
      )
      return rows.map(({ data }) => data)
    },
    /** The mails that were written as files, oldest first. */
    mails: () =>
      readdirSync(mailFolder)
        .filter((file) => file.endsWith('.eml'))
        .sort()
        .map((file) => readFileSync(join(mailFolder, file), 'utf8')),
    stop: async () => {
      await app.close()
      await Promise.all(running.map((part) => part.close()))
      await Promise.all([messaging.close(), outside.close()])
      await reader.close()
      await database.close()
      await nats.stop()
      await db.close()
      await folder.remove()
    },
  }
}

export type Identity = Awaited<ReturnType<typeof startIdentity>>

/** Waits until something is so; fails after ten seconds. */
export async function until(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`Not within ten seconds: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
