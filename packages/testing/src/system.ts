import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ServiceName, withOwner } from '@hospital/database'
import type { Stack } from '@hospital/stack'
import { freePort, hasSetpriv } from '@hospital/stack/embedded'
import { environment } from './config.ts'

/** The whole system as `npm start` runs it, with a data folder of its own. */
export interface TestSystem {
  url: string
  /** What runs, as stack.json says now. */
  stack(): Stack
  /** What the start has said so far. */
  output(): string
  /** An HTTP request to the gateway; the answer with its JSON. */
  request(method: string, path: string, options?: RequestOptions): Promise<SystemAnswer>
  /** Signs in and answers the access token. */
  signIn(email: string, password?: string): Promise<string>
  /** SQL as the owner of a service's database. */
  query<Row extends object>(service: ServiceName, text: string, values?: unknown[]): Promise<Row[]>
  /** Waits until every event that was told has been heard. `backlog` tells what consumers still have (startNats). */
  drain(backlog?: () => Promise<number>): Promise<void>
  /** Ctrl-C; answers the exit code. */
  stop(): Promise<number>
}

export interface RequestOptions {
  token?: string
  body?: unknown
  headers?: Record<string, string>
  /** Rejects when there is no answer after so many milliseconds. */
  withinMs?: number
}

export interface SystemAnswer {
  status: number
  headers: Headers
  body: Record<string, unknown>
}

interface SystemOptions {
  dataDir: string
  /** Added to the environment: DATABASE_URL, NATS_URL, HOSPITAL_DEMO … */
  env?: Record<string, string>
}

const root = join(import.meta.dirname, '../../..')
const startWithinMs = 240_000

/** Runs `hospital start` to its end: for starts that are meant to fail. */
export async function failToStart(options: SystemOptions): Promise<{ code: number; output: string }> {
  const { child, output } = launch(options, String(await freePort()))
  const tooLong = setTimeout(() => child.kill('SIGINT'), 60_000)
  child.once('exit', () => clearTimeout(tooLong))
  return { code: await exitOf(child), output: output() }
}

/** Starts the system and answers when it says that it is ready. */
export async function startSystem(options: SystemOptions): Promise<TestSystem> {
  const port = String(await freePort())
  const { child, output } = launch(options, port)
  const deadline = Date.now() + startWithinMs
  while (!output().includes('is ready after')) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`the system did not start:\n${output()}`)
    await pause(50)
  }
  return describe(options, `http://localhost:${port}`, child, output)
}

function launch({ dataDir, env = {} }: SystemOptions, port: string): { child: ChildProcess; output: () => string } {
  const program = [process.execPath, join(root, 'packages/cli/src/main.ts'), 'start']
  // The system ends with the test, however that ends.
  const [command = '', ...args] = hasSetpriv() ? ['setpriv', '--pdeathsig', 'TERM', ...program] : program
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment, NODE_ENV: 'test', PORT: port, HOSPITAL_DATA_DIR: dataDir, ...env },
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (chunk) => (text += chunk))
  return { child, output: () => text }
}

function describe(options: SystemOptions, url: string, child: ChildProcess, output: () => string): TestSystem {
  const stack = () => JSON.parse(readFileSync(join(options.dataDir, 'stack.json'), 'utf8')) as Stack
  const request = (method: string, path: string, sent: RequestOptions = {}) => send(url + path, method, sent)
  const query: TestSystem['query'] = (service, text, values = []) =>
    withOwner(ownerUrl(options, stack(), service), async (owner) => (await owner.query(text, values)).rows)
  return {
    url,
    stack,
    output,
    request,
    query,
    async signIn(email, password = 'password123') {
      const { status, body } = await request('POST', '/api/auth/login', { body: { email, password } })
      if (status !== 200) throw new Error(`${email} could not sign in: ${JSON.stringify(body)}`)
      return String(body.access_token)
    },
    async drain(backlog = async () => 0) {
      while ((await unpublished(query)) > 0 || (await backlog()) > 0) await pause(20)
    },
    async stop() {
      child.kill('SIGINT')
      return await exitOf(child)
    },
  }
}

async function send(
  url: string,
  method: string,
  { token, body, headers = {}, withinMs }: RequestOptions,
): Promise<SystemAnswer> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(withinMs !== undefined && { signal: AbortSignal.timeout(withinMs) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) }
}

/** The given database, else the embedded one with the password from the data folder. */
function ownerUrl({ env, dataDir }: SystemOptions, stack: Stack, service: ServiceName): string {
  const given = env?.DATABASE_URL
  if (given !== undefined) return service === 'identity' ? given : `${given}_${service}`
  const password = readFileSync(join(dataDir, 'secrets', 'database_owner_password'), 'utf8')
  const { host, port, user } = stack.postgres
  return `postgres://${user}:${password}@${host}:${port}/${service}`
}

async function unpublished(query: TestSystem['query']): Promise<number> {
  const tables: [ServiceName, string][] = [
    ['identity', 'public.outbox'],
    ['clinical', 'clinical.outbox'],
    ['scheduling', 'scheduling.outbox'],
  ]
  const counts = await Promise.all(
    tables.map(async ([service, table]) => {
      const text = `SELECT count(*)::int AS waiting FROM ${table} WHERE published_at IS NULL`
      return (await query<{ waiting: number }>(service, text))[0]?.waiting ?? 0
    }),
  )
  return counts.reduce((sum, waiting) => sum + waiting, 0)
}

async function exitOf(child: ChildProcess): Promise<number> {
  if (child.exitCode === null && child.signalCode === null) await new Promise((resolve) => child.once('exit', resolve))
  return child.exitCode ?? 1
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
