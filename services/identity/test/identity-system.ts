import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Permission } from '@hospital/contracts'
import { connectMessaging } from '@hospital/messaging'
import { temporaryFolder } from '@hospital/testing'
import { startService } from '@hospital/testing/service'
import { hash } from '@node-rs/argon2'
import { buildIdentity } from '../src/app.ts'

/** Who asks: a user of a hospital, with the permissions of built-in roles or the given ones. */
export interface Asker {
  tenantId: string
  userId: number
  roles: readonly string[]
  permissions?: readonly Permission[]
  sessionId?: string
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
  const folder = await temporaryFolder()
  const mailFolder = join(folder.path, 'mail')
  mkdirSync(mailFolder)
  const signingKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  const mail = { smtpUrl: options.smtpUrl, from: 'Hospital <no-reply@example.org>', folder: mailFolder }
  const settings = { signingKey, dataKey: signingKey, mail, production: options.production ?? false }
  const system = await startService<Asker>({
    service: 'identity',
    build: (deps) => buildIdentity(deps, settings),
    identify: (who) => who,
    maxPoolSize: 20,
    lockTimeoutMs: options.lockTimeoutMs,
  })
  const { db, messaging, call } = system
  // Stands in for every other program.
  const outside = await connectMessaging({ url: system.natsUrl, name: 'gateway', log: system.deps.log })
  await messaging.ensureStreams()
  const reader = system.startRelay()
  const running = options.isIdle ? [] : system.parts.start()
  await db.query(`INSERT INTO tenants (id, name) VALUES ('hospital_a', 'Hospital A'), ('hospital_b', 'Hospital B')`)

  system.endLater(() => Promise.all(running.map((part) => part.close())))
  system.endLater(() => outside.close())
  system.endLater(() => folder.remove())

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
    ...system,
    settings,
    reader,
    outside,
    mailFolder,
    newUser,
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
  }
}

/** Waits until something is so; fails after ten seconds. */
export async function until(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`Not within ten seconds: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
