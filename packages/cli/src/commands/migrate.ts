import { findDrift, type MigrationStatus, migrationStatus } from '@hospital/database'
import { loadDemoApart } from '@hospital/demo'
import { type DatabaseUrls, migrateAll, withDatabases } from '@hospital/stack'
import { type Config, readConfig, type Service, services } from '@hospital/stack/config'
import { Failure } from '@hospital/stack/failure'
import { say } from '@hospital/stack/terminal'
import { describePeople } from '../people/describe-people.ts'
import { ensureFirstPeople } from '../people/first-people.ts'

const usage = 'Usage: hospital migrate [status | --demo]'

/** `hospital migrate` gives nobody a public password; with `--demo` it loads demo hospitals where `decideDemo` lets it. */
export async function migrate(words: string[]): Promise<number> {
  const [mode, ...rest] = words
  if (rest.length > 0 || !['status', '--demo', undefined].includes(mode)) throw new Failure(usage)
  const config = readConfig()
  if (mode === '--demo' && config.natsUrl === undefined)
    throw new Failure('migrate --demo needs NATS_URL; on one machine use "hospital start".')
  const demoNats = mode === '--demo' ? config.natsUrl : undefined
  return await withDatabases(config, (urls) => (mode === 'status' ? showStatus(urls) : run(config, urls, demoNats)))
}

/** @param demoNats the message server through which demo hospitals are loaded; undefined: none are */
async function run(config: Config, urls: DatabaseUrls, demoNats: string | undefined): Promise<number> {
  const { failed } = await migrateAll(config, urls)
  for (const { service, error } of failed) say(`  ✗ ${service}: ${error}`)
  const people = await ensureFirstPeople(config, urls, { canLoad: demoNats !== undefined })
  for (const line of describePeople(config, people)) say(line)
  if (demoNats !== undefined && people.demo.loads) {
    await loadDemoApart(config, { databases: urls, natsUrl: demoNats, hospitals: people.demo.hospitals })
  }
  if (failed.length > 0) say(`${failed.length} failed; the others are done. Put it right and run it again.`)
  return failed.length > 0 ? 1 : 0
}

async function showStatus(urls: DatabaseUrls): Promise<number> {
  let isCurrent = true
  for (const service of services) {
    const status = await statusOf(service, urls[service])
    isCurrent = show(service, status) && isCurrent
    if (status !== undefined) isCurrent = (await showDrift(service, urls[service], status)) && isCurrent
  }
  return isCurrent ? 0 : 1
}

/** Undefined when the database is not there at all. */
async function statusOf(service: Service, url: string): Promise<MigrationStatus | undefined> {
  try {
    return await migrationStatus({ url, service })
  } catch (error) {
    if ((error as { code?: string }).code === '3D000') return undefined
    throw error
  }
}

function show(service: Service, status: MigrationStatus | undefined): boolean {
  if (status === undefined) {
    say(`${service}: there is no database yet`)
    return false
  }
  const { global, tenants, newest } = status
  const pending = global.pending.length === 0 ? 'current' : `${global.pending.length} pending`
  say(`${service}: ${global.version ?? 'nothing applied'} (${pending})`)
  if (global.refusal !== null) say(`  ✗ ${global.refusal}`)
  for (const tenant of tenants) {
    const note = tenant.failure ?? (tenant.current ? '' : `behind ${newest}`)
    say(
      `  ${tenant.current ? '✓' : '✗'} ${tenant.tenantId.padEnd(32)} ${tenant.version ?? 'nothing applied'}  ${note}`.trimEnd(),
    )
  }
  return global.refusal === null && global.pending.length === 0 && tenants.every(({ current }) => current)
}

/** Says what was changed by hand; true when nothing was. */
async function showDrift(service: Service, url: string, status: MigrationStatus): Promise<boolean> {
  const drift = await findDrift({ url, service }, status)
  for (const { schema, differences } of drift) {
    say(`  ✗ schema ${schema} is not as the migrations made it:`)
    for (const difference of differences) say(`      ${difference}`)
  }
  return drift.length === 0
}
