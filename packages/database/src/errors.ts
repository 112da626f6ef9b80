import { Problem } from '@hospital/contracts'

/** Why a database could not serve: what the operator should look at, and never shown to a client. */
type UnavailableReason = 'unreachable' | 'busy' | 'timeout' | 'conflict' | 'not-provisioned'

/** The database could not do the work now; nothing was changed and trying again later can succeed. Becomes a 503. */
export class DatabaseUnavailable extends Problem {
  override readonly name = 'DatabaseUnavailable'
  readonly reason: UnavailableReason
  constructor(reason: UnavailableReason, cause?: unknown) {
    super('service-unavailable', { retryAfterSeconds: 2, cause })
    this.reason = reason
  }
}

/**
 * The connection broke while the transaction was being committed: it may have happened. Becomes a 502, as every change whose
 * outcome is not known.
 */
export class OutcomeUnknown extends Problem {
  override readonly name = 'OutcomeUnknown'
  constructor(cause: unknown) {
    const detail =
      'The database did not say that it is done: it may have happened. Read before repeating, or use an Idempotency-Key.'
    super('bad-gateway', { detail, cause })
  }
}

const reasonByState: Record<string, UnavailableReason> = {
  '57014': 'timeout', // statement_timeout, or cancelled
  '55P03': 'timeout', // lock_timeout
  '25P03': 'timeout', // idle in transaction
  '25P04': 'timeout', // transaction_timeout
  '53300': 'busy', // too many connections
  '53400': 'busy',
  '57P01': 'unreachable', // shutdown, crash, starting up
  '57P02': 'unreachable',
  '57P03': 'unreachable',
  '57P05': 'unreachable',
  '53100': 'unreachable', // disk full
  '53200': 'busy', // out of memory
}

const unreachableNames = new Set(['ConnectionError', 'BackendTerminatedError', 'BackendTerminatedUnexpectedlyError'])
const timeoutNames = new Set(['StatementTimeoutError', 'StatementCancelledError', 'IdleTransactionTimeoutError'])
const socketCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EPIPE',
  'ENOENT',
])

/** The SQLSTATE or socket code of an error or of what caused it. */
export function errorCode(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code
  }
  return undefined
}

function unavailableReason(error: Error): UnavailableReason | null {
  if (timeoutNames.has(error.constructor.name)) return 'timeout'
  const code = errorCode(error)
  if (code !== undefined) {
    if (code.startsWith('40')) return 'conflict'
    if (code.startsWith('08') || socketCodes.has(code)) return 'unreachable'
    const known = reasonByState[code]
    if (known !== undefined) return known
  }
  if (unreachableNames.has(error.constructor.name)) return 'unreachable'
  return /timeout exceeded when trying to connect|Connection terminated|pool is being terminated/i.test(error.message)
    ? 'unreachable'
    : null
}

/** Turns what says "not now" into DatabaseUnavailable and leaves every other error as it is. */
export function translateError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseUnavailable) return error
  const reason = unavailableReason(error)
  return reason === null ? error : new DatabaseUnavailable(reason, error)
}

/** Schema, table, column, function, right, type or key that is not there. */
const brokenSchemaStates = new Set(['3F000', '42P01', '42703', '42883', '42501', '42704', '42P10'])

/** A hospital's schema is not as the code needs it: not made, not migrated, or damaged. */
export const isBrokenSchema = (error: unknown): boolean => brokenSchemaStates.has(errorCode(error) ?? '')
