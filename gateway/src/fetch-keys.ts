import { getJwks } from '@hospital/contracts'
import { nobody, type Upstream } from './upstream/upstreams.ts'

const timeoutMs = 2_000
const maxBytes = 1024 * 1024

/** There was an answer, but not what was asked for. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

/** GETs a JSON document from a place we configured: no redirects, soon or not at all, of sensible size. */
export async function fetchJson(url: string): Promise<unknown> {
  const response = await fetch(url, {
    redirect: 'error',
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (!response.ok) throw new Refused(`${url} answers ${response.status}`)
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) throw new Error(`${url} answers too much`)
  const text = await response.text()
  if (text.length > maxBytes) throw new Error(`${url} answers too much`)
  return JSON.parse(text)
}

/** Identity's keys: asked for as for somebody who is not signed in. */
export const fetchOwnKeys = (identity: Upstream): Promise<unknown> =>
  identity.carryOut(getJwks, { limitMs: timeoutMs }, nobody())
