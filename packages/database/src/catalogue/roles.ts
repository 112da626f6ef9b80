import type pg from 'pg'
import type { DatabaseRoles } from '../names.ts'

/** Members of the tenants' role are each hospital's; the owner may hold what it created. */
const ours = `
  SELECT oid, rolname, rolname = $1 AS signs_in FROM pg_roles WHERE rolname IN ($1, $2, $3)
  UNION SELECT r.oid, r.rolname, false FROM pg_auth_members m
  JOIN pg_roles g ON g.oid = m.roleid AND g.rolname = $2 JOIN pg_roles r ON r.oid = m.member AND r.rolname NOT IN ($1, current_user)`

/**
 * What was done by hand to the roles that keep hospitals apart: a power that none of them has, or somebody else who may
 * become one of them. One sentence each.
 */
export async function findRoleChanges(client: pg.Client, { app, tenant, global }: DatabaseRoles): Promise<string[]> {
  const { rows } = await client.query<{ change: string }>(
    `WITH ours AS (${ours})
     SELECT format('role %s %s', r.rolname, power) AS change FROM ours JOIN pg_roles r USING (oid),
       LATERAL (VALUES (r.rolsuper, 'is a superuser'), (r.rolbypassrls, 'bypasses row security'), (r.rolcreaterole, 'creates roles'),
         (r.rolcreatedb, 'creates databases'), (r.rolreplication, 'replicates'), (r.rolcanlogin AND NOT ours.signs_in, 'signs in'),
         (r.rolinherit AND ours.signs_in, 'inherits')) p (has, power)
     WHERE has
     UNION ALL
     SELECT format('%s may become role %s', r.rolname, ours.rolname) FROM ours JOIN pg_auth_members m ON m.roleid = ours.oid
     JOIN pg_roles r ON r.oid = m.member
     WHERE r.rolname NOT IN ($1, current_user) AND NOT r.rolsuper AND NOT (ours.rolname = $2 AND r.oid IN (SELECT oid FROM ours))
     ORDER BY 1`,
    [app, tenant, global],
  )
  return rows.map(({ change }) => change)
}
