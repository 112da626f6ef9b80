import { type ChildProcess, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Failure } from '../failure.ts'
import { hasExited, startChild, stopChild } from './child.ts'
import { findPostgresBinaries } from './postgres-binaries.ts'
import { canRun, unprivileged } from './system-user.ts'

interface PostgresOptions {
  /** The cluster's folder; made when missing. */
  dataDir: string
  port: number
  user: string
  password: string
  logFile: string
  /** Settings, as on PostgreSQL's command line. */
  settings: Record<string, string>
  deathSignal: 'INT' | 'KILL'
}

/** A running PostgreSQL 18. */
interface PostgresServer {
  port: number
  process: ChildProcess
  stop(): Promise<void>
}

/** Makes the cluster when there is none, starts PostgreSQL and answers when it accepts connections. */
export async function startPostgresServer(options: PostgresOptions): Promise<PostgresServer> {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 })
  const runAs = unprivileged(dirname(options.dataDir))
  const { prefix, owner } = runAs
  const binaries = await findPostgresBinaries((program) => canRun(runAs, program))
  if (owner !== undefined) chownSync(options.dataDir, owner.uid, owner.gid)
  chmodSync(options.dataDir, 0o700)
  if (!existsSync(join(options.dataDir, 'PG_VERSION'))) initialise(options, binaries.initdb, prefix, owner)
  checkVersion(options.dataDir)
  const child = launch(options, binaries.postgres, prefix)
  await untilReady(options, child)
  // SIGINT is PostgreSQL's fast shutdown: sessions end, everything committed is kept.
  return { port: options.port, process: child, stop: () => stopChild(child, 'SIGINT', 15_000) }
}

function initialise(
  options: PostgresOptions,
  initdb: string,
  prefix: string[],
  owner?: { uid: number; gid: number },
): void {
  const passwordFile = join(tmpdir(), `hospital-${randomUUID()}`)
  writeFileSync(passwordFile, options.password, { mode: 0o600 })
  if (owner !== undefined) chownSync(passwordFile, owner.uid, owner.gid)
  try {
    const [command = initdb, ...args] = [...prefix, initdb]
    const result = spawnSync(
      command,
      [
        ...args,
        `--pgdata=${options.dataDir}`,
        `--username=${options.user}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        // The same sorting and case rules on every machine, whatever locales it has.
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-instructions',
        ...(options.settings.fsync === 'off' ? ['--no-sync'] : []),
      ],
      { encoding: 'utf8', env: { ...inheritedEnvironment(), LC_ALL: 'C' }, cwd: '/' },
    )
    if (result.status !== 0) throw new Failure(initdbProblem(result.stderr || String(result.error), options.dataDir))
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

function initdbProblem(output: string, dataDir: string): string {
  if (/no space left/i.test(output))
    return `The disk is full: PostgreSQL needs about 100 MB in ${dataDir}. Free some space and start again.`
  return `PostgreSQL could not create its data in ${dataDir}: ${output.trim().split('\n').at(-1)}`
}

function checkVersion(dataDir: string): void {
  const version = readFileSync(join(dataDir, 'PG_VERSION'), 'utf8').trim()
  if (version !== '18')
    throw new Failure(
      `${dataDir} was written by PostgreSQL ${version}; this is PostgreSQL 18. Use another HOSPITAL_DATA_DIR.`,
    )
}

/** The server's own log names what went wrong and never the values: rows and parameters are people's data. */
const quietLog = {
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
}

function launch(options: PostgresOptions, postgres: string, prefix: string[]): ChildProcess {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    log_timezone: 'UTC',
    timezone: 'UTC',
    ...quietLog,
    ...options.settings,
  }
  const args = ['-D', options.dataDir, '-p', String(options.port)]
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`)
  const [command = postgres, ...before] = [...prefix, postgres]
  return startChild({
    command,
    args: [...before, ...args],
    env: { ...inheritedEnvironment(), LC_MESSAGES: 'C' },
    logFile: options.logFile,
    deathSignal: options.deathSignal,
    cwd: '/',
  })
}

/** The server says "ready" in its own pid file; after a crash that can take the time of a recovery. */
async function untilReady(options: PostgresOptions, child: ChildProcess): Promise<void> {
  const pidFile = join(options.dataDir, 'postmaster.pid')
  const deadline = Date.now() + 120_000
  while (Date.now() < deadline) {
    if (hasExited(child)) throw new Failure(startProblem(options))
    const lines = existsSync(pidFile) ? readFileSync(pidFile, 'utf8').split('\n') : []
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  child.kill('SIGQUIT')
  throw new Failure(`PostgreSQL did not become ready in two minutes; see ${options.logFile}.`)
}

function startProblem(options: PostgresOptions): string {
  const log = existsSync(options.logFile) ? readFileSync(options.logFile, 'utf8').slice(-2000) : ''
  if (/no space left/i.test(log)) return 'The disk is full: PostgreSQL cannot start. Free some space and start again.'
  if (/lock file "postmaster.pid" already exists/.test(log))
    return `Another PostgreSQL already runs on ${options.dataDir}: stop it first.`
  const line = log.split('\n').findLast((text) => /FATAL|PANIC|ERROR|not found/.test(text))
  return `PostgreSQL did not start${line ? `: ${line.replace(/^.*?(FATAL|PANIC|ERROR): */, '')}` : ''} (log: ${options.logFile}).`
}

/** What servers get of our environment: nothing that holds a secret or steers PostgreSQL. */
function inheritedEnvironment(): Record<string, string | undefined> {
  return { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' }
}
