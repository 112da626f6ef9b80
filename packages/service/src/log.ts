import { isBrokenSchema } from '@hospital/database'
import { type Logger, pino } from 'pino'

/** Errors whose message is ours or the language's: it cannot hold what somebody typed. */
const safeMessages = new Set([
  'TypeError',
  'ReferenceError',
  'DatabaseUnavailable',
  'RpcUnavailable',
  'ConnectionMissing',
])

/** A table, column or right that is not there: PostgreSQL's message names it, and no value. */
const isSafe = (error: Error): boolean =>
  safeMessages.has(error.constructor.name) || ('code' in error && isBrokenSchema(error))

/**
 * An error without anything that a request brought: database errors quote values and rows, JSON errors quote the body.
 * What is left (name, SQLSTATE, constraint, frames) finds the fault.
 */
export function errorForLog(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { name: typeof error }
  const { code, constraint, reason } = error as { code?: unknown; constraint?: unknown; reason?: unknown }
  const frames = error.stack
    ?.split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 12)
  return {
    name: error.constructor.name,
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(typeof constraint === 'string' ? { constraint } : {}),
    ...(isSafe(error) ? { message: error.message } : {}),
    stack: frames?.join('\n'),
    ...(error.cause !== undefined && depth < 3 ? { cause: errorForLog(error.cause, depth + 1) } : {}),
  }
}

/** The log of a program: JSON lines on standard output. */
export const createLog = (service: string, level: string): Logger =>
  pino({ level, base: { service }, serializers: { err: (error: unknown) => errorForLog(error) } })
