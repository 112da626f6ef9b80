import type { Upstream } from './upstreams.ts'

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

/** Identity's keys. It answers nobody but the gateway, so we ask as the gateway does for somebody not signed in. */
export async function fetchOwnKeys({ pool }: Upstream, contextToken: string): Promise<unknown> {
  const { statusCode, body } = await pool.request({
    path: '/.well-known/jwks.json',
    method: 'GET',
    headers: { authorization: `Bearer ${contextToken}`, accept: 'application/json' },
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (statusCode === 200) return body.json()
  await body.dump()
  throw new Error(`identity answers ${statusCode}`)
}
