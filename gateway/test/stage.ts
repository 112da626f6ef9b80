import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { once } from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import { type AddressInfo, connect as connectSocket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import {
  allRoutes,
  chartAreas,
  checkSession,
  getOpenCharts,
  type Permission,
  type ReplyOf,
  type RequestOf,
  recordDenial,
  resolveExternal,
  route,
} from '@hospital/contracts'
import { connectMessaging, type Messaging } from '@hospital/messaging'
import { startNats, type TestNats } from '@hospital/testing'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import type { Test } from 'tap'
import { buildGateway, type GatewayConfig } from '../src/index.ts'

export const importThings = route({
  service: 'clinical',
  operationId: 'importThings',
  method: 'POST',
  path: '/api/test-imports',
  summary: 'A long body',
  access: 'data.import',
  body: Type.Object({}),
  status: 200,
  answer: Type.Object({}),
  bodyLimit: 64 * 1024 * 1024,
  consumes: ['application/fhir+json'],
})

/** What a service saw of a request. */
export interface Seen {
  method: string
  url: string
  headers: IncomingHttpHeaders
  bytes: number
}

export interface TestService {
  url: string
  seen: Seen[]
  /** How it answers; echoes what it saw unless told otherwise. */
  answer: (request: IncomingMessage, response: ServerResponse, seen: Seen) => void
  /** Answers before the body is read, when set. */
  early?: TestService['answer'] | undefined
  close(): Promise<void>
}

/** A service that shows what reaches it. */
async function testService(): Promise<TestService> {
  const server = createServer((request, response) => {
    const seen: Seen = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, bytes: 0 }
    service.seen.push(seen)
    if (service.early) return service.early(request, response, seen)
    request.on('data', (chunk: Buffer) => {
      seen.bytes += chunk.length
    })
    request.on('end', () => service.answer(request, response, seen))
  })
  const service: TestService = {
    url: await listen(server),
    seen: [],
    answer: echo,
    close: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
  return service
}

export const echo: TestService['answer'] = (_request, response, seen) => {
  response.writeHead(200, {
    'content-type': 'application/json',
    etag: '"7"',
    server: 'secret-server/1.0',
    'x-powered-by': 'magic',
  })
  response.end(JSON.stringify(seen))
}

export async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

interface TestIssuer {
  url: string
  /** How often its keys were fetched. */
  fetches: number
  down: boolean
  /** Publishes a new key and forgets the old ones. */
  rotate(algorithm?: 'EdDSA' | 'ES256' | 'RS256'): void
  token(claims: object, header?: object): string
  close(): Promise<void>
}

const signers = {
  EdDSA: () => generateKeyPairSync('ed25519'),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
}

/** An issuer of tokens with a JWKS and a discovery document; identity's keys are served the same way. */
export async function testIssuer(first: keyof typeof signers = 'EdDSA'): Promise<TestIssuer> {
  let algorithm = first
  let pair = signers[algorithm]()
  let kid = 'key-1'
  const server = createServer((request, response) => {
    if (issuer.down) return response.writeHead(503).end()
    response.setHeader('content-type', 'application/json')
    if (request.url?.endsWith('/openid-configuration'))
      return response.end(JSON.stringify({ issuer: issuer.url, jwks_uri: `${issuer.url}/.well-known/jwks.json` }))
    issuer.fetches++
    response.end(
      JSON.stringify({ keys: [{ ...pair.publicKey.export({ format: 'jwk' }), kid, alg: algorithm, use: 'sig' }] }),
    )
  })
  const issuer: TestIssuer = {
    url: await listen(server),
    fetches: 0,
    down: false,
    rotate(next = algorithm) {
      algorithm = next
      pair = signers[algorithm]()
      kid = `key-${Math.random()}`
    },
    token: (claims, header = {}) => jwt(pair.privateKey, algorithm, { kid, ...header }, claims),
    close: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
  return issuer
}

function jwt(key: KeyObject, algorithm: string, header: object, claims: object): string {
  const now = Math.floor(Date.now() / 1000)
  const text = [
    { alg: algorithm, typ: 'JWT', ...header },
    { iat: now, exp: now + 300, ...claims },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const hash = algorithm === 'EdDSA' ? null : 'sha256'
  const signature = sign(hash, Buffer.from(text), algorithm === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' } : key)
  return `${text}.${signature.toString('base64url')}`
}

export interface Stage {
  url: string
  port: number
  app: FastifyInstance
  /** The services; identity also serves the keys. */
  identity: TestService
  clinical: TestService
  scheduling: TestService
  issuer: TestIssuer
  messaging: Messaging
  nats: TestNats
  publicKey: string
  sessions: Map<string, ReplyOf<typeof checkSession>>
  /** What clinical says of charts; null: it does not answer. */
  charts: (question: RequestOf<typeof getOpenCharts>) => ReplyOf<typeof getOpenCharts> | null
  external: (question: { subject: string; tenant_id: string | null }) => ReplyOf<typeof resolveExternal>
  checks: number
  /** What the gateway had put on record. */
  denials: RequestOf<typeof recordDenial>[]
  log: string[]
  /** An access token as identity makes it. */
  token(claims?: object, header?: object): string
  /** GETs or whatever `init` says, with a good token unless told otherwise. */
  ask(path: string, init?: RequestInit & { token?: string | null }): Promise<Response>
}

export const nurse = {
  active: true,
  user_name: 'Nora',
  roles: ['Nurse'],
  permissions: ['patients.read', 'patients.write'] as Permission[],
}

/** A gateway that listens, with a real message server, services that echo, and identity's answers under control. */
export async function stage(
  t: Test,
  given: Partial<GatewayConfig> = {},
  now?: () => number,
  elsewhere: Partial<GatewayConfig['services']> = {},
): Promise<Stage> {
  const nats = await startNats()
  const log: string[] = []
  const logger = pino({ level: 'info' }, { write: (line: string) => void log.push(line) })
  const [identity, clinical, scheduling, issuer] = await Promise.all([
    testService(),
    testService(),
    testService(),
    testIssuer(),
  ])
  const identityMessaging = await connectMessaging({ url: nats.url, name: 'identity', log: logger })
  const clinicalMessaging = await connectMessaging({ url: nats.url, name: 'clinical', log: logger })
  const messaging = await connectMessaging({ url: nats.url, name: 'gateway', log: logger })
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const identityAnswer: TestService['answer'] = (request, response, seen) => {
    if (seen.url !== '/.well-known/jwks.json') return echo(request, response, seen)
    identity.seen.pop()
    // As the real one: nobody is answered without a context token.
    if (!seen.headers.authorization?.startsWith('Bearer ')) return response.writeHead(401).end()
    void fetch(`${issuer.url}/keys`)
      .then(async (keys) => response.writeHead(keys.status).end(await keys.text()))
      .catch(() => response.writeHead(500).end())
  }
  identity.answer = identityAnswer
  const app = await buildGateway({
    messaging,
    log: logger,
    ...(now ? { now } : {}),
    contracts: [...allRoutes, importThings],
    config: {
      services: { identity: identity.url, clinical: clinical.url, scheduling: scheduling.url, ...elsewhere },
      signingKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
      issuers: [],
      corsOrigins: [],
      trustedProxies: [],
      limits: { perUser: 6000, perAddress: 6000, signInsPerAddress: 600 },
      answerTimeoutMs: 1_500,
      importTimeoutMs: 30_000,
      production: false,
      maxDelayMs: 60_000,
      ...given,
    },
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const made: Stage = {
    url,
    port: Number(new URL(url).port),
    app,
    identity,
    clinical,
    scheduling,
    issuer,
    messaging: identityMessaging,
    nats,
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }) as string,
    sessions: new Map([['session-1', nurse]]),
    charts: ({ patient_ids }) => ({
      charts: patient_ids.map((patient_id) => ({ patient_id, areas: [...chartAreas] })),
    }),
    external: () => null,
    checks: 0,
    denials: [],
    log,
    token: (claims = {}, header = {}) =>
      issuer.token(
        { iss: 'hospital', aud: 'hospital', sub: '5', tid: 'hospital_a', sid: 'session-1', ...claims },
        { typ: 'at+jwt', ...header },
      ),
    ask: (path, { token = made.token(), ...init } = {}) =>
      fetch(url + path, {
        ...init,
        headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...init.headers },
      }),
  }
  identityMessaging.respond(checkSession, async ({ session_id }) => {
    made.checks++
    return made.sessions.get(session_id) ?? { active: false, user_name: '', roles: [], permissions: [] }
  })
  identityMessaging.respond(recordDenial, async (denial) => {
    made.denials.push(denial)
    return { recorded: true }
  })
  clinicalMessaging.respond(
    getOpenCharts,
    async (question) => made.charts(question) ?? Promise.reject(new Error('away')),
  )
  identityMessaging.respond(resolveExternal, async (question) => made.external(question))
  await identityMessaging.ensureStreams()
  t.teardown(async () => {
    await app.close()
    await messaging.close()
    await Promise.all([identityMessaging.close(), clinicalMessaging.close()])
    await Promise.all([identity.close(), clinical.close(), scheduling.close(), issuer.close()])
    await nats.stop()
  })
  return made
}

/** Sends bytes as they are; answers what came back once the other side has closed, or after the wait. */
export async function raw(port: number, bytes: string, waitMs = 3_000): Promise<{ text: string; closed: boolean }> {
  const socket = connectSocket(port, '127.0.0.1')
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
  })
  socket.on('error', () => undefined)
  const closed = once(socket, 'close').then(() => true)
  socket.write(bytes, 'latin1')
  const outcome = await Promise.race([closed, delay(waitMs, false, { ref: false })])
  socket.destroy()
  return { text, closed: outcome }
}
