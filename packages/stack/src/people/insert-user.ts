import type { OwnerClient } from './owner.ts'

export interface NewUser {
  tenantId: string
  name: string
  email: string
  passwordHash: string
  /** A built-in role, or `Operator`. */
  role: string
}

/** Inserts a user with one role, as the owner: there is nobody yet who could do it through the API. Answers the id. */
export async function insertUser(client: OwnerClient, user: NewUser): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO public.users (name, email, password, status, tenant_id, email_verified_at)
     VALUES ($1, $2, $3, 'active', $4, now()) RETURNING id`,
    [user.name, user.email, user.passwordHash, user.tenantId],
  )
  const id = rows[0]?.id
  if (id === undefined) throw new Error('the user was not inserted')
  const { rowCount } = await client.query(
    `INSERT INTO public.user_roles (user_id, role_id)
     SELECT $1, id FROM public.roles WHERE name = $2 AND (tenant_id IS NULL OR tenant_id = 'platform') LIMIT 1`,
    [id, user.role],
  )
  if (rowCount !== 1) throw new Error(`there is no role ${user.role}`)
  return id
}
