import type { ServiceName } from '@hospital/contracts'
import { Pool } from 'undici'

/** One service as the gateway reaches it. */
export interface Upstream {
  service: ServiceName
  origin: string
  pool: Pool
}

export type Upstreams = Record<ServiceName, Upstream>

const connectTimeoutMs = 2_000

/** Connection pools to the services. Time limits for answers are set per request, waiting for a connection included. */
export function openUpstreams(urls: Record<ServiceName, string>): Upstreams {
  const open = (service: ServiceName): Upstream => {
    const { origin } = new URL(urls[service])
    const pool = new Pool(origin, {
      connections: 128,
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 60_000,
      connect: { timeout: connectTimeoutMs },
    })
    return { service, origin, pool }
  }
  return { identity: open('identity'), clinical: open('clinical'), scheduling: open('scheduling') }
}

export async function closeUpstreams(upstreams: Upstreams): Promise<void> {
  await Promise.all(Object.values(upstreams).map(({ pool }) => pool.destroy()))
}
