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
