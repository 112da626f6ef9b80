import { Failure } from '@hospital/stack/failure'
import type { ImportOptions } from './options.ts'

export interface Answer {
  status: number
  body: Record<string, unknown>
}

/** A signed-in conversation with the gateway, for as long as an import takes. */
export interface GatewaySession {
  postBundle(bundle: Uint8Array): Promise<Answer>
  end(): Promise<void>
}

const patience = { tries: 8, longestPauseMs: 10_000, requestMs: 300_000 }

/** Signs in; the token is renewed when it expires, and refusals for a while (429, 503) are waited out. */
export async function openSession({ url, tenant, email, password }: ImportOptions): Promise<GatewaySession> {
  const signIn = async () => {
    const answer = await send(`${url}/api/auth/login`, { email, password, tenant_id: tenant })
    if (answer.status === 200) return String(answer.body.access_token)
    throw new Failure(
      `${email} could not sign in to ${tenant}: ${answer.body.detail ?? answer.body.title ?? answer.status}`,
    )
  }
  let token = await signIn()
  const bearer = () => ({ authorization: `Bearer ${token}` })
  const post = (bundle: Uint8Array) => patiently(() => sendRaw(`${url}/api/imports/fhir`, bundle, bearer()))
  return {
    async postBundle(bundle) {
      const answer = await post(bundle)
      if (answer.status !== 401) return answer
      token = await signIn()
      return await post(bundle)
    },
    async end() {
      await fetch(`${url}/api/auth/logout`, { method: 'POST', headers: bearer() }).catch(() => {})
    },
  }
}

async function send(url: string, body: object): Promise<Answer> {
  return await patiently(() => sendRaw(url, Buffer.from(JSON.stringify(body)), {}, 'application/json'))
}

async function sendRaw(
  url: string,
  body: Uint8Array,
  headers: Record<string, string>,
  type = 'application/fhir+json',
): Promise<Answer & { retryAfterMs: number }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': type },
    body: body as Uint8Array<ArrayBuffer>,
    signal: AbortSignal.timeout(patience.requestMs),
  })
  const text = await response.text()
  const retryAfterMs = Number(response.headers.get('retry-after') ?? 1) * 1000
  return { status: response.status, body: parsed(text), retryAfterMs }
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return { detail: text.slice(0, 200) }
  }
}

/** Tries again while the system is busy or away: importing twice changes nothing. */
async function patiently(request: () => Promise<Answer & { retryAfterMs: number }>): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await request().catch((error: Error & { cause?: { code?: string } }) => unreachable(error))
    const isBusy = answer.status === 429 || answer.status === 502 || answer.status === 503
    if (!isBusy || attempt === patience.tries) return answer
    const pauseMs = Math.min(Math.max(answer.retryAfterMs, 250 * 2 ** attempt), patience.longestPauseMs)
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

function unreachable(error: Error & { cause?: { code?: string } }): Answer & { retryAfterMs: number } {
  if (error.cause?.code === 'ECONNREFUSED') {
    throw new Failure('The gateway does not answer: start the system with "npm start", or name it with --url.')
  }
  return { status: 503, body: { detail: error.cause?.code ?? error.message }, retryAfterMs: 1000 }
}
