import { hospitalRoles, operatorRole, type Permission, permissionsOfRoles } from '@hospital/contracts'
import type { TestSystem } from '../../src/index.ts'

/** Somebody who tries; nobody at all has no token. */
export interface Person {
  name: string
  token: string | undefined
  /** Null: not signed in. */
  permissions: readonly Permission[] | null
}

export const hospitals = {
  matrix: 'citygeneralhospital.com',
  canaries: 'riversidemedicalcenter.com',
  stopping: 'stmaryclinic.com',
  relations: 'lakesidechildrenhospital.com',
  suspended: 'northernheartinstitute.com',
} as const

const localPart = (role: string) => role.toLowerCase().replaceAll(' ', '')

/** The demo person of a role in a hospital. */
export const emailOf = (role: string, domain: string): string => `${localPart(role)}@${domain}`

export const operatorEmail = 'operator@platform.local'

/** One of each role, an operator, and somebody who is not signed in. */
export async function everybody(system: TestSystem, domain: string): Promise<Person[]> {
  const people = [...hospitalRoles, operatorRole].map(async ({ name }) => {
    const email = name === operatorRole.name ? operatorEmail : emailOf(name, domain)
    return { name, token: await system.signIn(email), permissions: permissionsOfRoles([name]) }
  })
  return [...(await Promise.all(people)), { name: 'nobody', token: undefined, permissions: null }]
}

const password = 'orange tractor midnight 9'

/** Somebody with a role of the hospital's own that has these permissions, all of which the employer holds. */
export async function hire(system: TestSystem, employer: string, permissions: readonly Permission[]): Promise<Person> {
  const make = async (path: string, body: object) => {
    const made = await system.request('POST', path, { token: employer, body })
    if (made.status !== 201) throw new Error(`${path}: ${JSON.stringify(made.body)}`)
    return Number(made.body.id)
  }
  const name = `only ${permissions.join(' and ')}`
  const roleId = await make('/api/roles', { name, permissions })
  const email = `${crypto.randomUUID().slice(0, 8)}@example.org`
  await make('/api/users', { name, email, password, role_id: roleId })
  return { name, token: await system.signIn(email, password), permissions }
}

/** Works on all items, a few at the same time. */
export async function each<T>(items: readonly T[], work: (item: T) => Promise<void>, atOnce = 8): Promise<void> {
  const left = items.values()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const item of left) await work(item)
    }),
  )
}

/** Waits for something that must be so soon; answers after how many milliseconds it was, or null. */
export async function within(ms: number, check: () => Promise<boolean>): Promise<number | null> {
  const started = performance.now()
  while (performance.now() - started < ms) {
    if (await check()) return Math.round(performance.now() - started)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return null
}
