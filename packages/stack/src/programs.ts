import { createServer } from 'node:net'
import { join } from 'node:path'
import { type Config, type Service, services } from './config.ts'
import { lastComplaint, logFile } from './data-dir.ts'
import { startChild, stopChild } from './embedded/child.ts'
import { freePort } from './embedded/ports.ts'
import { Failure } from './failure.ts'
import type { DatabaseUrls } from './postgres.ts'
import { type Supervised, supervise } from './supervise.ts'

type ProgramName = Service | 'gateway'

export interface RunningProgram extends Supervised {
  name: ProgramName
  url: string
  logFile: string
}

export interface Surroundings {
  databaseUrls: DatabaseUrls
  natsUrl: string
  onRestart(): void
  say(line: string): void
  dev?: DevRun | undefined
}

/** How programs run while somebody works on them. */
export interface DevRun {
  /** Words for Node, before the program: `--watch`. */
  nodeWords(name: ProgramName): string[]
  /** Gets what the program writes to its log, in pieces as they come. */
  onOutput(name: ProgramName, chunk: string): void
}

const graceMs = 15_000

/** Starts the three services, each a process of its own on a free port of the loopback interface. */
export async function startServices(config: Config, surroundings: Surroundings): Promise<RunningProgram[]> {
  return await Promise.all(
    services.map(async (name) => {
      const port = await freePort()
      const own = {
        PORT: String(port),
        HOST: '127.0.0.1',
        [`${name.toUpperCase()}_DATABASE_URL`]: surroundings.databaseUrls[name],
        // For addresses that leave the system: calendar feeds.
        PUBLIC_URL: config.inherited['PUBLIC_URL'] ?? gatewayUrl(config),
      }
      return startProgram(config, surroundings, name, `http://127.0.0.1:${port}`, own)
    }),
  )
}

/** Starts the gateway in front of the services, on the port that the world knows. */
export async function startGateway(
  config: Config,
  surroundings: Surroundings,
  behind: RunningProgram[],
): Promise<RunningProgram> {
  const own: Record<string, string> = { PORT: String(config.port), HOST: config.host }
  for (const { name, url } of behind) own[`${name.toUpperCase()}_URL`] = url
  return startProgram(config, surroundings, 'gateway', gatewayUrl(config), own)
}

/** How people on this machine reach the gateway. */
export function gatewayUrl(config: Config): string {
  const everywhere = ['0.0.0.0', '::', '']
  const host = everywhere.includes(config.host) ? 'localhost' : config.host
  return `http://${host.includes(':') ? `[${host}]` : host}:${config.port}`
}

async function startProgram(
  config: Config,
  surroundings: Surroundings,
  name: ProgramName,
  url: string,
  own: Record<string, string>,
): Promise<RunningProgram> {
  const file = logFile(config.dataDir, name)
  const folder = name === 'gateway' ? 'gateway' : join('services', name)
  const { onRestart, say, dev } = surroundings
  const start = async () => {
    const child = startChild({
      command: process.execPath,
      args: [...(dev?.nodeWords(name) ?? []), join(config.root, folder, 'src/main.ts')],
      env: {
        ...config.inherited,
        HOSPITAL_DATA_DIR: config.dataDir,
        SECRETS_DIR: config.secretsDir,
        NATS_URL: surroundings.natsUrl,
        ...own,
      },
      logFile: file,
      deathSignal: 'TERM',
      cwd: config.root,
      ...(dev !== undefined && { onOutput: (chunk: string) => dev.onOutput(name, chunk) }),
    })
    return { process: child, stop: () => stopChild(child, 'SIGTERM', graceMs) }
  }
  const supervised = await supervise({ name, start, onRestart, say })
  return { ...supervised, name, url, logFile: file }
}

/** Waits until a program says that it is ready, and everything behind it too. */
export async function untilReady(program: RunningProgram, timeoutMs = 90_000): Promise<void> {
  const deadline = Date.now() + timeoutMs
  let answer = 'no answer'
  while (Date.now() < deadline) {
    if (program.ends() >= 3) break
    answer = await readiness(program.url)
    if (answer === 'ready') return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const reason = program.ends() > 0 ? lastComplaint(program.logFile) : answer
  throw new Failure(`${program.name} does not become ready: ${reason} (log: ${program.logFile}).`)
}

async function readiness(url: string): Promise<string> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(3000) })
    return response.ok ? 'ready' : (await response.text()).slice(0, 300)
  } catch (error) {
    return (error as { cause?: Error }).cause?.message ?? String(error)
  }
}

/** Fails with one line when the gateway's port is not to be had. */
export async function checkGatewayPort({ port, host }: Config): Promise<void> {
  if (Number.isNaN(port)) throw new Failure('PORT must be a number from 1 to 65535.')
  const problem = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    const server = createServer()
    server.once('error', resolve)
    server.listen({ port, host }, () => server.close(() => resolve(undefined)))
  })
  if (problem === undefined) return
  if (problem.code === 'EADDRINUSE') {
    throw new Failure(
      `Port ${port} is in use by another program: stop it, or choose a port, for example PORT=${port + 1} npm start.`,
    )
  }
  if (problem.code === 'EACCES')
    throw new Failure(`Port ${port} needs more rights: choose one above 1023, for example PORT=3000.`)
  throw new Failure(`HOST=${host} cannot be listened on (${problem.code}): use localhost or 0.0.0.0.`)
}
