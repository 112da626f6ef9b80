/** Set by `npm test`, so that the files share one PostgreSQL; a single file run by hand starts its own. */
export const sharedPostgresUrl: string | undefined = process.env.TEST_DATABASE_URL

export const searchPath: string = process.env.PATH ?? ''
