import type { FastifyInstance, FastifyRequest } from 'fastify'

/** An ordinary body has this long to arrive; a long one must bring some more in each such span. */
const spanMs = 10_000
const minBytesPerSpan = 256 * 1024

/**
 * Hangs up on bodies that trickle. Node's own limit counts for a whole request, and cannot let an import take minutes
 * while it lets nothing else take more than seconds.
 */
export function closeSlowBodies(app: FastifyInstance, isLong: (request: FastifyRequest) => boolean): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const { raw } = request
    const length = raw.headers['content-length']
    const bodiless = raw.headers['transfer-encoding'] === undefined && (length === undefined || length === '0')
    if (!bodiless) watch(request, isLong(request))
    done()
  })
}

function watch({ raw }: FastifyRequest, long: boolean): void {
  let before = raw.socket.bytesRead
  const timer = setInterval(() => {
    const now = raw.socket.bytesRead
    // A full buffer means that the reader behind us is slow, not the client.
    const waitsForUs = raw.readableLength >= raw.readableHighWaterMark
    if (!waitsForUs && (!long || now - before < minBytesPerSpan)) raw.destroy()
    before = now
  }, spanMs)
  timer.unref()
  const stop = (): void => clearInterval(timer)
  raw.once('end', stop).once('close', stop)
}
