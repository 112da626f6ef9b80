import { randomBytes } from 'node:crypto'
import { appendFileSync, chmodSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { demoPassword } from '../demo/hospitals.ts'
import { Failure } from '../embedded/failure.ts'
import { insertUser } from './insert-user.ts'
import { type OwnerClient, ownerTransaction } from './owner.ts'
import { hashPassword, isPassword } from './password-hash.ts'

export const operatorEmail = 'operator@platform.local'

export interface FirstPeople {
  /** E-mails of the Admins (and the operator) that were made with a random password. */
  made: string[]
  file: string
}

/**
 * Whoever nobody could create through the API: an operator, and an Admin for every hospital without one (an adopted
 * database). Their random passwords go into a file that only its owner can read. Hospitals in `leaveOut` are about to
 * be filled with demo people.
 */
export async function ensureFirstPeople(config: Config, identityUrl: string, leaveOut: string[]): Promise<FirstPeople> {
  const file = join(config.dataDir, 'initial-admins.txt')
  return await ownerTransaction(identityUrl, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [7_241_865_326])
    if (config.production) await refuseDemoPasswords(client)
    const made = []
    if (!(await hasOperator(client))) {
      if (config.demo) await insertOperator(client, demoPassword)
      else made.push(await insertOperator(client, randomPassword()))
    }
    for (const tenantId of await withoutAdmin(client, leaveOut)) made.push(await insertAdmin(client, tenantId))
    if (made.length > 0) remember(file, made)
    return { made: made.map(({ email }) => email), file }
  })
}

interface Made {
  tenantId: string
  email: string
  password: string
}

const randomPassword = () => randomBytes(12).toString('base64url')

async function hasOperator(client: OwnerClient): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT FROM public.users u JOIN public.user_roles ur ON ur.user_id = u.id JOIN public.roles r ON r.id = ur.role_id
     WHERE u.tenant_id = 'platform' AND u.status = 'active' AND r.name = 'Operator'`,
  )
  return (rowCount ?? 0) > 0
}

async function insertOperator(client: OwnerClient, password: string): Promise<Made> {
  const passwordHash = await hashPassword(password)
  const user = { tenantId: 'platform', name: 'Operator', email: operatorEmail, passwordHash, role: 'Operator' }
  await insertUser(client, user)
  return { tenantId: 'platform', email: operatorEmail, password }
}

/** The hospitals in which no active user is an Admin. */
async function withoutAdmin(client: OwnerClient, leaveOut: string[]): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT t.id FROM public.tenants t
     WHERE t.id <> 'platform' AND t.id <> ALL ($1) AND NOT EXISTS (
       SELECT FROM public.users u JOIN public.user_roles ur ON ur.user_id = u.id JOIN public.roles r ON r.id = ur.role_id
       WHERE u.tenant_id = t.id AND u.status = 'active' AND r.name = 'Admin' AND r.tenant_id IS NULL)
     ORDER BY t.id`,
    [leaveOut],
  )
  return rows.map(({ id }) => id)
}

async function insertAdmin(client: OwnerClient, tenantId: string): Promise<Made> {
  const password = randomPassword()
  const email = await freeEmail(client, tenantId)
  const passwordHash = await hashPassword(password)
  await insertUser(client, { tenantId, name: 'Administrator', email, passwordHash, role: 'Admin' })
  return { tenantId, email, password }
}

async function freeEmail(client: OwnerClient, tenantId: string): Promise<string> {
  const domain = `${tenantId.replaceAll('_', '-')}.local`
  const { rows } = await client.query<{ email: string }>(
    'SELECT lower(email) AS email FROM public.users WHERE tenant_id = $1',
    [tenantId],
  )
  const taken = new Set(rows.map(({ email }) => email))
  for (let number = 1; ; number++) {
    const email = number === 1 ? `admin@${domain}` : `admin${number}@${domain}`
    if (!taken.has(email)) return email
  }
}

/** Written before the commit: a password that is in the database is always in the file too. */
function remember(file: string, made: Made[]): void {
  const lines = made.map(({ tenantId, email, password }) => `${tenantId}\t${email}\t${password}\n`)
  appendFileSync(file, lines.join(''), { mode: 0o600 })
  chmodSync(file, 0o600)
}

/** The demo's passwords are public: a database that holds them is not for production. */
async function refuseDemoPasswords(client: OwnerClient): Promise<void> {
  const { rows } = await client.query<{ email: string; password: string | null }>(
    `SELECT email, password FROM public.users
     WHERE status = 'active' AND (tenant_id = 'platform' OR tenant_id LIKE 'demo_hospital_%') ORDER BY id LIMIT 40`,
  )
  for (const { email, password } of rows) {
    if (!(await isPassword(password, demoPassword))) continue
    throw new Failure(
      `NODE_ENV=production refuses this database: ${email} still has the public demo password. Use a database without demo data, or change these passwords.`,
    )
  }
}
