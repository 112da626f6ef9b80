import { hash, verify } from '@node-rs/argon2'

/** argon2id with identity's parameters (19 MiB, two passes). */
export async function hashPassword(password: string): Promise<string> {
  return await hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 })
}

export async function isPassword(stored: string | null, password: string): Promise<boolean> {
  return stored?.startsWith('$argon2') === true && (await verify(stored, password))
}
