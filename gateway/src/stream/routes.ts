import { PassThrough, type Readable } from 'node:stream'
import { problem } from '@hospital/contracts'
import type { Messaging } from '@hospital/messaging'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type AuthDeps, authenticate, identifier } from '../auth.ts'
import type { Limits } from '../config.ts'
import { limitRates } from '../limits.ts'
import { eventWriter } from './event-writer.ts'
import { startFeed } from './feed.ts'
import { followed, type Position, positionsOf } from './position.ts'
import { seatsOf } from './seats.ts'
import { untilChanged } from './vigil.ts'

interface StreamDeps {
  messaging: Pick<Messaging, 'follow' | 'lastSequence' | 'request'>
  auth: AuthDeps
  limits: Limits
  /** Positions are sealed with a key made from it. */
  secret: string
  now: () => number
}

const url = '/api/events/stream'
/** Streams one person may have open at the same time. */
const maxPerUser = 10

/** `GET /api/events/stream`: server-sent events about what changed in the hospital, for people who are signed in. */
export function registerStream(app: FastifyInstance, deps: StreamDeps): void {
  const { auth, limits } = deps
  const openStream = streamOpener(deps)
  app.register((scope, _options, done) => {
    scope.decorateRequest('session', null)
    limitRates(scope, limits)
    scope.register((limited, _none, ready) => {
      const stop = new AbortController()
      // Streams never end by themselves: a gateway that stops would wait for them.
      limited.addHook('preClose', async () => stop.abort())
      limited.route({
        method: 'GET',
        url,
        exposeHeadRoute: false,
        onRequest: authenticate(auth),
        handler: async (request, reply) => reply.headers(streamHeaders).send(await openStream(request, stop.signal)),
      })
      limited.route({ method: ['HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'], url, handler: refuseMethod })
      ready()
    })
    done()
  })
}

/** Makes the function that answers a request with what its person may know, from where they were before. */
function streamOpener({ messaging, auth, secret, now }: StreamDeps) {
  const positions = positionsOf(secret, now)
  const identify = identifier(auth)
  const seats = seatsOf(maxPerUser)

  const begin = async ({ headers }: FastifyRequest, tenantId: string): Promise<Position> => {
    const given = headers['last-event-id']
    if (given === undefined || given === '') return newest(messaging)
    const position = positions.read(tenantId, String(given))
    if (!position) throw badPosition()
    return position
  }

  return async (request: FastifyRequest, stop: AbortSignal): Promise<Readable> => {
    const { session } = request
    if (!session) throw problem('unauthenticated')
    refuseQuery(request)
    const position = await begin(request, session.tenantId)
    const leave = seats.take(`${session.tenantId} ${session.userId}`)
    const output = new PassThrough()
    const writer = eventWriter(output)
    const feed = startFeed({ messaging, session, position, positions, writer, now })
    const gone = new AbortController()
    output.once('close', () => {
      gone.abort()
      leave()
      void feed.close()
    })
    const signal = AbortSignal.any([stop, gone.signal])
    void untilChanged({ session, identify: (maxAgeMs) => identify(request, maxAgeMs), signal }).then(writer.end)
    return output
  }
}

const refuseMethod = async (_request: FastifyRequest, reply: FastifyReply): Promise<never> => {
  reply.header('allow', 'GET')
  throw problem('method-not-allowed')
}

/** Nothing between here and the reader may keep, pack or hold back what is written. */
const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
}

const badPosition = () =>
  problem('invalid-request', {
    detail: 'Last-Event-ID is no position of this stream, or one too old to go on from. Begin anew without it.',
    errors: [{ pointer: 'header:Last-Event-ID', detail: 'is not a position of this stream' }],
  })

function refuseQuery({ query }: FastifyRequest): void {
  const names = Object.keys(query as object)
  if (names.length === 0) return
  throw problem('invalid-request', {
    errors: names.map((name) => ({ pointer: `query:${name}`, detail: 'is unknown' })),
  })
}

/** Where the streams stand now: who begins without a position hears what comes from here on. */
async function newest(messaging: Pick<Messaging, 'lastSequence'>): Promise<Position> {
  const sequences = await Promise.all(followed.map((stream) => messaging.lastSequence(stream))).catch(() => {
    throw problem('service-unavailable', { detail: 'Events cannot be had at the moment.', retryAfterSeconds: 2 })
  })
  return Object.fromEntries(followed.map((stream, at) => [stream, sequences[at]])) as Position
}
