import { ordinaryBodyValues, problem } from '@hospital/contracts'
import type { FastifyInstance } from 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Most JSON values that a body of this route may hold. */
    bodyValues?: number
  }
}

/** Deeper than any document of ours; recursive walks over a body stay far from the end of the stack. */
const maxDepth = 64

/** The place of the quote that ends the string which begins at `start`; the text's end when there is none. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let before = at - 1
    while (text.charCodeAt(before) === 0x5c) before--
    if ((at - before) % 2 === 1) return at
  }
  return text.length
}

/**
 * Refuses JSON that would be dear to read before it is read: one pass over the text (about a millisecond a megabyte)
 * that keeps nothing. A megabyte of small objects costs over a second to parse and validate, and stops everybody.
 * @throws problem `invalid-request`
 */
export function checkJsonSize(text: string, maxValues = ordinaryBodyValues): void {
  const refuse = (detail: string) =>
    problem('invalid-request', { detail: `body ${detail}`, errors: [{ pointer: '', detail }] })
  let depth = 0
  let values = 1
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at)
    if (sign === 0x22) at = endOfString(text, at)
    else if (sign === 0x7b || sign === 0x5b) {
      if (++depth > maxDepth) throw refuse(`nests deeper than ${maxDepth} levels`)
      values++
    } else if (sign === 0x7d || sign === 0x5d) depth--
    else if (sign === 0x2c) values++
    if (values > maxValues) throw refuse(`holds more than ${maxValues} values`)
  }
}

/** JSON bodies of bounded size, as text first, so that an empty one is no body; `__proto__` is refused. */
export function parseJson(app: FastifyInstance, mediaTypes: readonly string[]): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser([...mediaTypes], { parseAs: 'string' }, (request, body, done) => {
    if (body === '') return done(null, undefined)
    // A table is one field of the body that it stands for.
    if (request.headers['content-type']?.startsWith('text/csv')) return done(null, { csv: body })
    try {
      checkJsonSize(body as string, request.routeOptions.config.bodyValues)
    } catch (error) {
      return done(error as Error)
    }
    return parse(request, body as string, done)
  })
}
