import type pg from 'pg'
import { type DatabaseRoles, databaseName, literal, quoted } from '../names.ts'
import { scramVerifier, verifies } from './password.ts'

const duplicateObject = '42710'
const uniqueViolation = '23505'

/** Creates a role that may be there already, also when another process creates it at this moment. */
export async function ensureRole(client: pg.Client, name: string, attributes: string): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [name])
  if (rowCount === 1) return
  await client.query(`CREATE ROLE ${quoted(name)} ${attributes}`).catch((error) => {
    if (![duplicateObject, uniqueViolation].includes(error.code)) throw error
  })
}

async function isMember(client: pg.Client, group: string, member: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles r ON r.oid = m.member
     WHERE g.rolname = $1 AND r.rolname = $2`,
    [group, member],
  )
  return (rowCount ?? 0) > 0
}

/** Lets `member` become `group` by SET ROLE; what it inherits follows from its own INHERIT attribute. */
export async function ensureMember(client: pg.Client, group: string, member: string): Promise<void> {
  if (await isMember(client, group, member)) return
  await client.query(`GRANT ${quoted(group)} TO ${quoted(member)}`)
}

async function ensureAppRole(client: pg.Client, app: string, password: string): Promise<void> {
  const powerless = 'LOGIN NOINHERIT NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS'
  await ensureRole(client, app, powerless)
  const stored = await client
    .query<{ rolpassword: string | null }>('SELECT rolpassword FROM pg_authid WHERE rolname = $1', [app])
    .then(({ rows }) => rows[0]?.rolpassword ?? null)
    .catch(() => null) // only a superuser may look; anyone else sets it again
  if (!verifies(stored, password)) {
    await client.query(`ALTER ROLE ${quoted(app)} PASSWORD ${literal(scramVerifier(password))}`)
  }
}

/** The roles of a database, and who may connect to it. */
export async function ensureDatabaseRoles(
  client: pg.Client,
  ownerUrl: string,
  roles: DatabaseRoles,
  appPassword: string,
): Promise<void> {
  await ensureRole(client, roles.tenant, 'NOLOGIN')
  await ensureRole(client, roles.global, 'NOLOGIN')
  await ensureAppRole(client, roles.app, appPassword)
  await ensureMember(client, roles.tenant, roles.app)
  await ensureMember(client, roles.global, roles.app)
  await restrictDatabase(client, databaseName(ownerUrl), roles.app)
  await client.query(`
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
    CREATE SCHEMA IF NOT EXISTS extensions;
    GRANT USAGE ON SCHEMA extensions TO ${quoted(roles.tenant)}, ${quoted(roles.global)};
  `)
}

/**
 * Only the runtime role may connect, and nobody may create temporary tables. These rights belong to the database itself:
 * a copy made from a template starts without them.
 */
export async function restrictDatabase(client: pg.Client, database: string, app: string): Promise<void> {
  await client.query(`
    REVOKE ALL ON DATABASE ${quoted(database)} FROM PUBLIC;
    GRANT CONNECT ON DATABASE ${quoted(database)} TO ${quoted(app)};
  `)
}
