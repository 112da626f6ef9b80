import { randomBytes } from 'node:crypto'
import { demoPassword } from '@hospital/contracts'
import { isOwnDatabase } from '@hospital/database'
import {
  contentOf,
  type DemoDecision,
  type DemoFacts,
  databaseHost,
  decideDemo,
  forgetProgress,
  listDemoHospitals,
  type NotedHospital,
  noteDemoHospitals,
  takeOverProgress,
} from '@hospital/demo'
import type { DatabaseUrls } from '@hospital/stack'
import { type Config, services } from '@hospital/stack/config'
import { hashPassword, insertUser, isPassword, type OwnerClient, ownerTransaction } from '@hospital/stack/people'
import { initialPasswordsFile, type NewPerson, rememberPasswords } from './initial-passwords.ts'
import { refusePublicPasswords } from './public-passwords.ts'

export const operatorEmail = 'operator@platform.local'

export interface FirstPeople {
  /** Who was made now with a random password, the operator first. */
  made: NewPerson[]
  demo: DemoState
}

export interface DemoState extends DemoDecision {
  /** The demo hospitals of these databases, loaded or not. */
  hospitals: NotedHospital[]
  /** The operator's password is the public one. */
  isOperatorPublic: boolean
}

/**
 * Whoever nobody could create through the API: an operator, and an Admin for every hospital without one (an adopted
 * database). Their random passwords go into a file that only its owner can read. Where `decideDemo` says so, demo
 * hospitals are noted to be loaded, and get their people then.
 *
 * @throws Failure where somebody has a public password and must not
 */
export async function ensureFirstPeople(
  config: Config,
  urls: DatabaseUrls,
  { canLoad }: { canLoad: boolean },
): Promise<FirstPeople> {
  const isOwn = (await Promise.all(services.map((service) => isOurs(config, urls, service)))).every(Boolean)
  const people = await ownerTransaction(urls.identity, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [7_241_865_326])
    const decision = await decide(client, config, urls, { canLoad, isOwn })
    const { objection } = decision
    if (objection !== undefined) await refusePublicPasswords(client, { production: config.production, objection })
    if (decision.loads) await noteDemoHospitals(client)
    const hospitals = await listDemoHospitals(client)
    const made: NewPerson[] = []
    if (!decision.isLeftOpen && !(await hasOperator(client))) {
      if (decision.hasPublicOperator) await insertOperator(client, demoPassword)
      else made.push(await insertOperator(client, randomPassword()))
    }
    for (const tenantId of await listWithoutAdmin(client)) made.push(await insertAdmin(client, tenantId))
    if (made.length > 0) rememberPasswords(initialPasswordsFile(config.dataDir), made)
    return { made, demo: { ...decision, hospitals, isOperatorPublic: await isOperatorPublic(client) } }
  })
  if (isEmbedded(config)) forgetProgress(config.dataDir)
  return people
}

const isEmbedded = (config: Config): boolean => services.every((service) => config.databaseUrls[service] === undefined)

/** What stands in the embedded server was made by this program, since the server was. */
const isOurs = async (config: Config, urls: DatabaseUrls, service: (typeof services)[number]): Promise<boolean> =>
  config.databaseUrls[service] === undefined || (await isOwnDatabase(urls[service]))

async function decide(
  client: OwnerClient,
  config: Config,
  urls: DatabaseUrls,
  known: Pick<DemoFacts, 'canLoad' | 'isOwn'>,
): Promise<DemoDecision> {
  if (isEmbedded(config) && (await contentOf(client)) === 'people') await takeOverProgress(client, config.dataDir)
  return decideDemo({
    ...known,
    production: config.production,
    word: config.demo,
    databaseHosts: Object.values(urls).map(databaseHost),
    gatewayHost: config.host,
    content: await contentOf(client),
  })
}

const randomPassword = () => randomBytes(12).toString('base64url')

async function hasOperator(client: OwnerClient): Promise<boolean> {
  const { rowCount } = await client.query(
    "SELECT FROM public.chiefs() WHERE tenant_id = 'platform' AND (can_sign_in OR status = 'invited')",
  )
  return (rowCount ?? 0) > 0
}

async function insertOperator(client: OwnerClient, password: string): Promise<NewPerson> {
  const email = await freeEmail(client, operatorEmail)
  const passwordHash = await hashPassword(password)
  await insertUser(client, { tenantId: 'platform', name: 'Operator', email, passwordHash, role: 'Operator' })
  return { tenantId: 'platform', email, password }
}

/** Only the public password of the account that the documents name is told. */
async function isOperatorPublic(client: OwnerClient): Promise<boolean> {
  const { rows } = await client.query<{ password: string | null }>(
    `SELECT password FROM public.users WHERE tenant_id = 'platform' AND lower(email) = $1 AND lower(status) = 'active'`,
    [operatorEmail],
  )
  return await isPassword(rows[0]?.password ?? null, demoPassword)
}

/**
 * The hospitals in which nobody can act as Admin and nobody is invited to; a demo hospital that is being made up brings
 * its own.
 */
async function listWithoutAdmin(client: OwnerClient): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT t.id FROM public.tenants t
     WHERE t.id <> 'platform'
       AND NOT EXISTS (SELECT FROM public.demo_hospitals d WHERE d.tenant_id = t.id AND d.loaded_at IS NULL)
       AND NOT EXISTS (SELECT FROM public.chiefs() c WHERE c.tenant_id = t.id AND (c.can_sign_in OR c.status = 'invited'))
     ORDER BY t.id`,
  )
  return rows.map(({ id }) => id)
}

async function insertAdmin(client: OwnerClient, tenantId: string): Promise<NewPerson> {
  const password = randomPassword()
  const email = await freeEmail(client, `admin@${domainOf(tenantId)}`)
  const passwordHash = await hashPassword(password)
  await insertUser(client, { tenantId, name: 'Administrator', email, passwordHash, role: 'Admin' })
  return { tenantId, email, password }
}

/** Ids of adopted hospitals may hold what a domain may not. */
function domainOf(tenantId: string): string {
  const label = tenantId.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  return `${label.replaceAll(/^-+|-+$/g, '') || 'hospital'}.local`
}

/** The e-mail, or the first of `admin2@…`, `admin3@…` that nobody has in any hospital: adopted tables may want that. */
async function freeEmail(client: OwnerClient, wanted: string): Promise<string> {
  const [mailbox, domain] = wanted.split('@')
  for (let number = 1; ; number++) {
    const email = number === 1 ? wanted : `${mailbox}${number}@${domain}`
    const { rowCount } = await client.query('SELECT FROM public.users WHERE lower(email) = $1 LIMIT 1', [email])
    if (rowCount === 0) return email
  }
}
