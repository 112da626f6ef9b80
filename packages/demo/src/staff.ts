import { randomBytes } from 'node:crypto'
import { demoPassword } from '@hospital/contracts'
import { withOwner } from '@hospital/database'
import { hashPassword, insertUser, ownerTransaction } from '@hospital/stack/people'
import { type DemoHospital, domainOf, signInOf } from './hospitals.ts'
import { type Actor, isRefusal, type ServiceClient } from './service-client.ts'

/** The people of one demo hospital, by what they do. */
export interface Staff {
  admin: Actor
  doctors: [Actor, Actor, Actor]
  nurses: [Actor, Actor]
  receptionist: Actor
  labTechnicians: [Actor, Actor]
  pharmacist: Actor
}

interface Person {
  name: string
  role: string
  /** Left of the @; by default the role without spaces, which is the sign-in that the documents name. */
  mailbox?: string
}

const admins = ['Alice Morgan', 'Henrik Larsen', 'Priya Nair', 'Tom Becker', 'Ines Costa']
const firstDoctors = ['Dr. Sarah Wilson', 'Dr. Marcus Hill', 'Dr. Emily Chen', 'Dr. Daniel Ortiz', 'Dr. Anna Schmidt']

/** The doctor, nurse … whose e-mail is the role comes first; a hospital has more of some. */
function peopleOf(index: number): Person[] {
  return [
    { name: firstDoctors[index % firstDoctors.length] ?? 'Dr. Sarah Wilson', role: 'Doctor' },
    { name: 'Dr. James Okafor', role: 'Doctor', mailbox: 'james.okafor' },
    { name: 'Dr. Lucía Fernández', role: 'Doctor', mailbox: 'lucia.fernandez' },
    { name: 'Grace Bennett', role: 'Nurse' },
    { name: 'Noah Fischer', role: 'Nurse', mailbox: 'noah.fischer' },
    { name: 'Olivia Hart', role: 'Receptionist' },
    { name: 'Victor Reyes', role: 'Manager' },
    { name: 'Mei Tanaka', role: 'Lab Technician' },
    { name: 'Jonas Weber', role: 'Lab Technician', mailbox: 'jonas.weber' },
    { name: 'Samira Haddad', role: 'Pharmacist' },
  ]
}

const platform = 'platform'
const pollMs = 100
const provisionWithinMs = 60_000

/** Creates the hospital with its people, through the API as an operator and then its Admin would. */
export async function createHospital(
  client: ServiceClient,
  identityUrl: string,
  hospital: DemoHospital,
  index: number,
): Promise<Staff> {
  const operator: Actor = {
    tenantId: platform,
    userId: await operatorId(identityUrl),
    name: 'Operator',
    roles: ['Operator'],
  }
  const adminName = admins[index % admins.length] ?? 'Alice Morgan'
  const admin = { name: adminName, email: signInOf(hospital, 'Admin'), password: temporaryPassword() }
  const { id, name, timezone } = hospital
  await client.tryPost('identity', operator, '/api/tenants', { id, name, timezone, admin }, [
    'tenant-exists',
    'idempotency-key-reused',
  ])
  await untilActive(client, operator, id)
  const adminId = await adminOf(identityUrl, hospital, adminName)
  const acting: Actor = { tenantId: id, userId: adminId, name: adminName, roles: ['Admin'] }
  const roleIds = await rolesOf(client, acting)
  const created: Actor[] = []
  for (const person of peopleOf(index)) created.push(await createPerson(client, acting, hospital, person, roleIds))
  await giveDemoPassword(identityUrl, hospital)
  return staffOf(acting, created)
}

/** Never used: the demo password, which is no password by the rules, is put in its place at the end. */
const temporaryPassword = () => `${randomBytes(18).toString('base64url')}aA1!`

async function operatorId(identityUrl: string): Promise<number> {
  return await withOwner(identityUrl, async (client) => {
    const { rows } = await client.query<{ id: number }>(
      'SELECT id FROM public.users WHERE tenant_id = $1 ORDER BY id LIMIT 1',
      [platform],
    )
    return rows[0]?.id ?? 0
  })
}

async function untilActive(client: ServiceClient, operator: Actor, tenantId: string): Promise<void> {
  const deadline = Date.now() + provisionWithinMs
  for (;;) {
    const { status } = await client.get<{ status: string }>('identity', operator, `/api/tenants/${tenantId}`)
    if (status === 'active') return
    if (Date.now() > deadline) throw new Error(`${tenantId} is still ${status} after a minute`)
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

/** The Admin that came with the hospital; one of ours when the hospital was there before without anybody. */
async function adminOf(identityUrl: string, hospital: DemoHospital, name: string): Promise<number> {
  const email = signInOf(hospital, 'Admin')
  return await ownerTransaction(identityUrl, async (client) => {
    const { rows } = await client.query<{ id: number }>(
      'SELECT id FROM public.users WHERE tenant_id = $1 AND lower(email) = $2',
      [hospital.id, email],
    )
    if (rows[0] !== undefined) return rows[0].id
    const passwordHash = await hashPassword(demoPassword)
    return await insertUser(client, { tenantId: hospital.id, name, email, passwordHash, role: 'Admin' })
  })
}

async function rolesOf(client: ServiceClient, admin: Actor): Promise<Map<string, number>> {
  const { data } = await client.get<{ data: { id: number; name: string }[] }>('identity', admin, '/api/roles?limit=100')
  return new Map(data.map(({ id, name }) => [name, id]))
}

async function createPerson(
  client: ServiceClient,
  admin: Actor,
  hospital: DemoHospital,
  person: Person,
  roleIds: Map<string, number>,
): Promise<Actor> {
  const email = person.mailbox ? `${person.mailbox}@${domainOf(hospital)}` : signInOf(hospital, person.role)
  const body = { name: person.name, email, password: temporaryPassword(), role_ids: [roleIds.get(person.role)] }
  const answer = await client.tryPost<{ id: number }>('identity', admin, '/api/users', body, ['email-taken'])
  const id = isRefusal(answer) ? await idByEmail(client, admin, email) : answer.id
  return { tenantId: hospital.id, userId: id, name: person.name, roles: [person.role] }
}

async function idByEmail(client: ServiceClient, admin: Actor, email: string): Promise<number> {
  const path = `/api/users?limit=100&q=${encodeURIComponent(email)}`
  const { data } = await client.get<{ data: { id: number; email: string }[] }>('identity', admin, path)
  const found = data.find((user) => user.email.toLowerCase() === email)
  if (found === undefined) throw new Error(`${email} is taken and not to be found`)
  return found.id
}

/** The public demo password would be refused by the password rules: the owner puts it in. */
async function giveDemoPassword(identityUrl: string, hospital: DemoHospital): Promise<void> {
  const passwordHash = await hashPassword(demoPassword)
  await withOwner(identityUrl, (client) =>
    client.query(
      'UPDATE public.users SET password = $1, email_verified_at = now() WHERE tenant_id = $2 AND lower(email) LIKE $3',
      [passwordHash, hospital.id, `%@${domainOf(hospital)}`],
    ),
  )
}

function staffOf(admin: Actor, people: Actor[]): Staff {
  const inRole = (role: string, at: number): Actor => {
    const found = people.filter(({ roles }) => roles.includes(role))[at]
    if (found === undefined) throw new Error(`the demo has no ${role} number ${at + 1}`)
    return found
  }
  return {
    admin,
    doctors: [inRole('Doctor', 0), inRole('Doctor', 1), inRole('Doctor', 2)],
    nurses: [inRole('Nurse', 0), inRole('Nurse', 1)],
    receptionist: inRole('Receptionist', 0),
    labTechnicians: [inRole('Lab Technician', 0), inRole('Lab Technician', 1)],
    pharmacist: inRole('Pharmacist', 0),
  }
}
