import { statfsSync } from 'node:fs'
import { findDrift, migrationStatus } from '@hospital/database'
import {
  checkGatewayPort,
  checkNats,
  checkReachable,
  databaseUrls,
  needsEmbeddedPostgres,
  runningStack,
  type Stack,
  secretNames,
} from '@hospital/stack'
import { type Config, readConfig, services } from '@hospital/stack/config'
import { findNatsServer } from '@hospital/stack/embedded'
import { explain } from '@hospital/stack/failure'
import { say } from '@hospital/stack/terminal'
import { checkSecretsReadable } from './doctor-secrets.ts'

type Finding = string
type Check = [what: string, look: () => Promise<Finding> | Finding]

/** `hospital doctor`: looks at everything the system stands on; changes nothing. */
export async function doctor(): Promise<number> {
  const config = readConfig()
  const stack = runningStack(config.dataDir)
  const checks: Check[] = [...machine(config, stack), ...servers(config, stack), ...programs(stack)]
  let problems = 0
  for (const [what, look] of checks) {
    try {
      say(`✓ ${what.padEnd(14)} ${await look()}`)
    } catch (error) {
      problems += 1
      say(`✗ ${what.padEnd(14)} ${explain(error)}`)
    }
  }
  say(problems === 0 ? '\nNothing is wrong.' : `\n${problems} to look at.`)
  return problems === 0 ? 0 : 1
}

function machine(config: Config, stack: Stack | undefined): Check[] {
  return [
    ['Node', () => `${process.version} (${process.execPath})`],
    ['Disk', () => freeSpace(config)],
    ['Secrets', () => checkSecretsReadable(config, secretNames)],
    ['nats-server', () => (config.natsUrl ? 'not needed, NATS_URL is set' : findNatsServer(config.searchPath, say))],
    ['Port', () => portState(config, stack)],
    ['Running', () => (stack ? `since ${stack.started_at}, process ${stack.supervisor.pid}` : 'not running')],
  ]
}

function freeSpace(config: Config): Finding {
  const { bavail, bsize } = statfsSync(config.root)
  const megabytes = Math.floor((bavail * bsize) / 1024 / 1024)
  if (megabytes < 300) throw new Error(`${megabytes} MB free; at least 300 MB are needed`)
  return `${megabytes} MB free`
}

async function portState(config: Config, stack: Stack | undefined): Promise<Finding> {
  if (stack !== undefined) return `${stack.gateway.url} is ours`
  await checkGatewayPort(config)
  return `${config.port} is free`
}

function servers(config: Config, stack: Stack | undefined): Check[] {
  const isEmbedded = needsEmbeddedPostgres(config)
  const checks: Check[] = []
  if (!isEmbedded || stack !== undefined) {
    const urls = () => databaseUrls(config, stack?.postgres.port)
    checks.push(['PostgreSQL', async () => checkReachable(urls()).then(() => 'answers')])
    for (const service of services) {
      checks.push([
        `  ${service}`,
        async () => {
          const database = { url: urls()[service], service }
          const status = await migrationStatus(database)
          const finding = describeMigrations(status)
          refuseDrift(await findDrift(database, status))
          return finding
        },
      ])
    }
  }
  const natsUrl = config.natsUrl ?? stack?.nats.url
  if (natsUrl !== undefined)
    checks.push(['NATS', async () => checkNats(natsUrl).then(() => 'answers, JetStream is on')])
  return checks
}

function describeMigrations({ global, tenants }: Awaited<ReturnType<typeof migrationStatus>>): Finding {
  if (global.refusal !== null) throw new Error(global.refusal)
  const refused = tenants.find(({ failure }) => failure !== null)
  if (refused !== undefined) throw new Error(`${refused.tenantId}: ${refused.failure}`)
  const behind = tenants.filter(({ current }) => !current)
  if (global.pending.length > 0 || behind.length > 0) {
    throw new Error(
      `${global.pending.length} global migrations and ${behind.length} hospitals are behind: run "npm run hospital -- migrate"`,
    )
  }
  return `${global.version}${tenants.length > 0 ? `, ${tenants.length} hospitals` : ''}, current`
}

/** @throws Error that names the first of what was changed by hand */
function refuseDrift(drift: Awaited<ReturnType<typeof findDrift>>): void {
  const found = drift.flatMap(({ schema, differences }) => differences.map((difference) => `${schema}: ${difference}`))
  if (found.length === 0) return
  const rest = found.length > 3 ? ` and ${found.length - 3} more ("npm run hospital -- migrate status" names all)` : ''
  throw new Error(`was changed by hand: ${found.slice(0, 3).join('; ')}${rest}`)
}

function programs(stack: Stack | undefined): Check[] {
  if (stack === undefined) return []
  return [...stack.services, { name: 'gateway', ...stack.gateway }].map(({ name, url, pid }) => [
    name,
    async () => {
      const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5000) })
      const text = await response.text()
      if (!response.ok) throw new Error(`is not ready: ${text.slice(0, 300)}`)
      const failing = failingWork(text)
      if (failing.length > 0) throw new Error(`is ready, but fails at: ${failing.join('; ')}`)
      return `ready at ${url}, process ${pid}`
    },
  ])
}

interface Trouble {
  part: string
  tenant: string | null
  reason: string
  since: string
}

/** What a service does by itself and fails at, hospital by hospital; the gateway only counts it. */
function failingWork(readiness: string): string[] {
  const { degraded = [] } = JSON.parse(readiness) as { degraded?: (Trouble | string)[] }
  return degraded.flatMap((trouble) =>
    typeof trouble === 'string'
      ? []
      : [`${trouble.part} of ${trouble.tenant ?? 'all hospitals'} since ${trouble.since} (${trouble.reason})`],
  )
}
