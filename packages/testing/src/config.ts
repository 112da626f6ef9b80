/** Set by `npm test`, so that the files share one PostgreSQL; a single file run by hand starts its own. */
export const sharedPostgresUrl: string | undefined = process.env.TEST_DATABASE_URL

export const searchPath: string = process.env.PATH ?? ''

/** For programs that tests start: ours, without what would lead them to other databases. */
export const environment: Record<string, string | undefined> = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/DATABASE_URL$|^NATS_URL$|^HOST$|^HOSPITAL_|^TAP|^NODE_ENV$|^SECRETS_DIR$/.test(name),
  ),
)
