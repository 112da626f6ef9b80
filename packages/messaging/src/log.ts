/** The part of a pino logger that messaging uses; any Fastify or pino logger fits. */
export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Name and code of an error, without its message: messages of databases carry values of rows. */
export function nameOfError(error: unknown): { error: string; code?: string } {
  if (!(error instanceof Error)) return { error: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return { error: error.name, ...(code ? { code } : {}) }
}
