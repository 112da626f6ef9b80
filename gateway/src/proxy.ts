import { AsyncLocalStorage } from 'node:async_hooks'
import { Readable, Transform } from 'node:stream'
import httpProxy from '@fastify/http-proxy'
import { problem, type RouteContract } from '@hospital/contracts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { answerHeaders, requestHeaders } from './headers.ts'
import type { Answer, Call } from './upstream/exchange.ts'
import { ClientGone, failureOf } from './upstream/failures.ts'
import type { Upstream, Upstreams } from './upstream/upstreams.ts'

/** What the plugin has no place for: the operation that a call is, and what ends it. */
interface Passage {
  contract: RouteContract
  stop: AbortController
}

const passages = new AsyncLocalStorage<Passage>()

function passage(): Passage {
  const found = passages.getStore()
  if (!found) throw new Error('The proxy was used outside of its handler.')
  return found
}

/**
 * Gives each operation to its service and the answer to the client: @fastify/http-proxy, once per service and method,
 * with the contracts' addresses as its routes. What belongs to a single route (its contract, its limits, who may ask) the
 * scope adds with `completeRoutes`.
 */
export function proxyContracts(app: FastifyInstance, contracts: readonly RouteContract[], upstreams: Upstreams): void {
  const groups = Map.groupBy(contracts, ({ service, method }) => `${service} ${method}`)
  for (const group of groups.values()) {
    const [{ service, method }] = group as [RouteContract]
    const upstream = upstreams[service]
    app.register(httpProxy, {
      upstream: upstream.origin,
      routes: group.map(({ path }) => path),
      httpMethods: [method],
      // The scope's parsers read bodies, within their limits.
      proxyPayloads: false,
      undici: { request: transport(upstream) as never },
      // A 503 is an answer; what may be repeated, the upstream repeats.
      retryMethods: [],
      disableCache: true,
      disableRequestLogging: true,
      internalRewriteLocationHeader: false,
      replyOptions: {
        rewriteRequestHeaders: (request) =>
          requestHeaders(request as FastifyRequest, upstream.contextToken(request.session)),
        rewriteHeaders: answerHeaders,
        queryString: queryOf as never,
        onResponse: passOn as never,
        onError: (reply, { error }) => void reply.send(error.cause ?? error),
      },
      handler: (request, reply, _address, options) => {
        const { contract } = request.routeOptions.config
        if (!contract) throw problem('route-not-found')
        const stop = stopWhenGone(reply)
        if (request.body instanceof Readable) request.body = counted(request.body, contract.bodyLimit, reply)
        const body = Buffer.isBuffer(request.body) ? { body: request.body, contentType: 'as the client wrote' } : {}
        return passages.run({ contract, stop }, () => reply.from(pathTo(contract, request), { ...options, ...body }))
      },
    })
  }
}

/** The plugin's way to a service: the one that all calls of the gateway take. */
const transport =
  (upstream: Upstream) =>
  ({ method, path, headers, body }: Sent, done: (error: unknown, answer?: Answer) => void): void => {
    const { contract, stop } = passage()
    upstream
      .send({ method, path, headers, body: body || null, stop }, contract)
      .then((answer) => done(null, answer))
      .catch(done)
  }

type Sent = Pick<Call, 'method' | 'path' | 'headers' | 'body'>

/** A short answer goes out in one write; a long one, or one of unknown length, passes through as it comes. */
async function passOn(request: FastifyRequest, reply: FastifyReply, { stream: body }: { stream: Answer['body'] }) {
  const { signal } = passage().stop
  // The plugin hangs up on clients that still send; we read the rest and drop it, so that they get this answer.
  if (reply.hasHeader('connection')) reply.removeHeader('connection')
  const isEmpty = request.method === 'HEAD' || reply.statusCode === 204 || reply.statusCode === 304
  const length = Number(reply.getHeader('content-length') ?? Number.POSITIVE_INFINITY)
  try {
    if (isEmpty) await body.dump()
    if (isEmpty) reply.send()
    else reply.send(length > maxHeldBytes ? body : Buffer.from(await body.arrayBuffer()))
  } catch (error) {
    reply.send(failureOf(error, request.method, signal))
  }
}

const maxHeldBytes = 64 * 1024

function stopWhenGone(reply: FastifyReply): AbortController {
  const stop = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) stop.abort(new ClientGone())
  })
  return stop
}

/**
 * The address at the service, written anew from the contract: whatever spelling the client used, the service sees the
 * one form that was matched here.
 */
function pathTo(contract: RouteContract, request: FastifyRequest): string {
  const params = request.params as Record<string, string>
  return contract.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = params[name]
    // The router takes `/api/patients/` for a patient without an id.
    if (!value) throw problem('route-not-found')
    // In an address these are steps, however they are written; the plugin would take them.
    if (value === '.' || value === '..')
      throw problem('invalid-request', { errors: [{ pointer: `path:${name}`, detail: 'is not valid' }] })
    return encodeURIComponent(value)
  })
}

/** The query as the client wrote it; what it means is for the service to say. */
function queryOf(_search: unknown, url: string): string {
  const at = url.indexOf('?')
  return at < 0 ? '' : url.slice(at + 1).replace(/#.*$/s, '')
}

/**
 * An import on its way through, cut off at its limit. However it ends, what the client still sends is read and dropped,
 * so that the client gets to read the answer.
 */
function counted(body: Readable, limitBytes: number, reply: FastifyReply): Transform {
  let size = 0
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length
      if (size > limitBytes) done(problem('payload-too-large'))
      else done(null, chunk)
    },
  })
  body.once('error', (error) => through.destroy(error))
  through.once('close', () => {
    body.unpipe(through)
    body.resume()
  })
  reply.raw.once('close', () => through.destroy())
  // Errors show at the request to the service.
  through.on('error', () => undefined)
  return body.pipe(through)
}
