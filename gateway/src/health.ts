import type { ServiceName } from '@hospital/contracts'
import type { FastifyInstance } from 'fastify'
import type { Upstream, Upstreams } from './upstream/upstreams.ts'

export interface Check {
  name: ServiceName | 'messaging'
  ready: boolean
  reason: string | null
}

interface Readiness {
  status: 'ready' | 'not ready'
  checks: Check[]
  /** Work that waits in services that are ready all the same. */
  degraded: string[]
}

/** Whoever asks often gets the same answer for a moment: readiness must not become a load of its own. */
const rememberMs = 500

/** `/livez`: the process answers. `/readyz`: so do the services, with what they need; names what does not. */
export function registerHealth(
  app: FastifyInstance,
  upstreams: Upstreams,
  messaging: { isConnected(): boolean },
): void {
  let last: { at: number; readiness: Promise<Readiness> } | null = null
  app.get('/livez', async () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    if (!last || performance.now() - last.at > rememberMs)
      last = { at: performance.now(), readiness: readiness(upstreams, messaging.isConnected()) }
    const { status, checks, degraded } = await last.readiness
    return reply
      .code(status === 'ready' ? 200 : 503)
      .headers({ 'cache-control': 'no-store', ...(status === 'ready' ? {} : { 'retry-after': '2' }) })
      .send({ status, checks, degraded })
  })
}

async function readiness(upstreams: Upstreams, connected: boolean): Promise<Readiness> {
  const services = await Promise.all(Object.values(upstreams).map(checkService))
  const reason = connected ? null : 'no connection to the message server'
  const checks: Check[] = [...services.map(({ check }) => check), { name: 'messaging', ready: connected, reason }]
  const degraded = services.flatMap(({ check, degraded }) => (degraded === null ? [] : [`${check.name}: ${degraded}`]))
  return { status: checks.every(({ ready }) => ready) ? 'ready' : 'not ready', checks, degraded }
}

interface ServiceState {
  check: Check
  degraded: string | null
}

async function checkService(upstream: Upstream): Promise<ServiceState> {
  const name = upstream.service
  try {
    const { status, document } = await upstream.readiness()
    const ready = status === 200
    return { check: { name, ready, reason: ready ? null : reasonOf(document) }, degraded: degradationOf(document) }
  } catch {
    return { check: { name, ready: false, reason: 'the service does not answer' }, degraded: null }
  }
}

/** Counted, not named: everybody may ask, and which hospital has trouble is nobody's business. */
function degradationOf(answer: unknown): string | null {
  const troubles = (answer as { degraded?: unknown } | null)?.degraded
  if (!Array.isArray(troubles) || troubles.length === 0) return null
  const hospitals = new Set(troubles.flatMap((trouble) => (trouble?.tenant ? [trouble.tenant] : [])))
  return hospitals.size === 0
    ? 'work in the background fails'
    : `work in the background of ${hospitals.size} hospitals fails`
}

/** The names of a service's checks that failed; nothing else of its answer is shown. */
function reasonOf(answer: unknown): string {
  const checks = (answer as { checks?: unknown } | null)?.checks
  if (!Array.isArray(checks)) return 'the service is not ready'
  const failed = checks.filter((check) => check?.ready === false).map((check) => String(check.name).slice(0, 50))
  return failed.length > 0 ? `not ready: ${failed.join(', ')}` : 'the service is not ready'
}
