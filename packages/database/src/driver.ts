import pg from 'pg'
import {
  BackendTerminatedError,
  BackendTerminatedUnexpectedlyError,
  CheckExclusionConstraintViolationError,
  CheckIntegrityConstraintViolationError,
  createDriverFactory,
  type DriverCommand,
  ForeignKeyIntegrityConstraintViolationError,
  IdleTransactionTimeoutError,
  InvalidInputError,
  NotNullIntegrityConstraintViolationError,
  type SlonikError,
  StatementCancelledError,
  StatementTimeoutError,
  UniqueIntegrityConstraintViolationError,
} from 'slonik'
import { typeParsers } from './parsers.ts'

/** pg has the mode, its types do not. */
interface ExtendedQuery extends pg.QueryConfig {
  queryMode: 'extended'
}

const errorByState: Record<string, new (error: Error) => Error> = {
  '23502': NotNullIntegrityConstraintViolationError,
  '23503': ForeignKeyIntegrityConstraintViolationError,
  '23505': UniqueIntegrityConstraintViolationError,
  '23514': CheckIntegrityConstraintViolationError,
  '23P01': CheckExclusionConstraintViolationError,
  '25P03': IdleTransactionTimeoutError,
  '57P01': BackendTerminatedError,
}

/** What slonik's own driver does: errors by SQLSTATE, so that callers meet slonik's classes. */
function wrapError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  if (/connection terminated unexpectedly/i.test(error.message)) return new BackendTerminatedUnexpectedlyError(error)
  // After a read timeout the answer may still be on its way: the connection must never be used again.
  if (/connection terminated|query read timeout/i.test(error.message)) return new BackendTerminatedError(error)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (code === '22P02') return new InvalidInputError(error.message, { cause: error })
  if (code === '57014') {
    return /user request/.test(error.message) ? new StatementCancelledError(error) : new StatementTimeoutError(error)
  }
  const known = errorByState[code]
  return known === undefined ? error : new known(error)
}

interface DriverOptions {
  applicationName: string
  connectTimeoutMs: number
  /** Client side limit for a server that no longer answers; longer than every statement timeout. */
  queryTimeoutMs: number
}

/**
 * The pg driver of slonik, with one difference: every statement goes through the extended protocol, which takes exactly
 * one statement. slonik's own driver sends text without parameters through the simple protocol, where
 * `select 1; reset role` runs both.
 */
export const driverFactory = (options: DriverOptions) =>
  createDriverFactory(async ({ driverConfiguration }) => ({
    createPoolClient: async ({ clientEventEmitter }) => {
      const client = new pg.Client({
        connectionString: driverConfiguration.connectionUri,
        application_name: options.applicationName,
        connectionTimeoutMillis: options.connectTimeoutMs,
        query_timeout: options.queryTimeoutMs,
        keepAlive: true,
        types: typeParsers,
      })
      const onError = (error: Error) => {
        clientEventEmitter.emit('error', wrapError(error) as SlonikError)
      }
      const onNotice = (notice: { message?: string | undefined }) => {
        if (notice.message !== undefined) clientEventEmitter.emit('notice', { message: notice.message })
      }
      client.on('error', onError)
      client.on('notice', onNotice)
      return {
        connect: async () => {
          await client.connect()
        },
        end: async () => {
          await client.end()
          client.off('error', onError)
          client.off('notice', onNotice)
        },
        query: async (text, values) => {
          const statement: ExtendedQuery = { text, values: [...(values ?? [])], queryMode: 'extended' }
          try {
            const result = await client.query<Record<string, unknown>>(statement)
            const fields = result.fields.map(({ dataTypeID, name }) => ({ dataTypeId: dataTypeID, name }))
            return { command: result.command as DriverCommand, fields, rowCount: result.rowCount, rows: result.rows }
          } catch (error) {
            throw wrapError(error)
          }
        },
        stream: () => {
          throw new Error('Rows are not streamed out of a transaction; read in keyset pages')
        },
      }
    },
  }))
