import { demoPassword } from '@hospital/contracts'
import { demoHospitals } from '@hospital/demo'
import { Failure } from '@hospital/stack/failure'
import { isPassword, type OwnerClient } from '@hospital/stack/people'

/**
 * The e-mail of somebody active who still has the public demo password, or undefined. Looked at are the operators, the
 * demo hospitals, and hospitals with their ids that earlier versions filled: they gave everybody in one the same hash.
 */
async function findPublicPassword(client: OwnerClient): Promise<string | undefined> {
  const { rows } = await client.query<{ email: string; password: string }>(
    `SELECT min(u.email) AS email, u.password FROM public.users u
     WHERE lower(u.status) = 'active' AND u.password IS NOT NULL AND (u.tenant_id = 'platform' OR u.tenant_id = ANY ($1))
     GROUP BY u.tenant_id, u.password
     HAVING count(*) > 1 OR u.tenant_id = 'platform'
       OR EXISTS (SELECT FROM public.demo_hospitals d WHERE d.tenant_id = u.tenant_id)
     ORDER BY count(*) DESC, 1`,
    [demoHospitals.map(({ id }) => id)],
  )
  for (const { email, password } of rows) if (await isPassword(password, demoPassword)) return email
  return undefined
}

/** Stops where public passwords must not be and are. */
export async function refusePublicPasswords(
  client: OwnerClient,
  { production, objection }: { production: boolean; objection: string },
): Promise<void> {
  const email = await findPublicPassword(client)
  if (email === undefined) return
  throw new Failure(
    production
      ? `NODE_ENV=production refuses this database: ${email} still has the public demo password. Use a database without demo data, or change these passwords.`
      : `${email} still has the public demo password, which is refused here since ${objection}. Use a database without demo data, or say HOSPITAL_DEMO=true, at least until these passwords are changed.`,
  )
}
