import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '../failure.ts'
import { hasExited, startChild, stopChild } from './child.ts'
import { type NatsUser, natsConfig } from './nats-config.ts'
import { accepts } from './ports.ts'

interface NatsOptions {
  binary: string
  /** Streams and the configuration file live here. */
  dataDir: string
  port: number
  logFile: string
  /** Nobody else gets in; without users (tests) anybody does. */
  users: NatsUser[]
  deathSignal: 'TERM' | 'KILL'
  /** Serves what it does over HTTP, to anybody: for tests. */
  monitorPort?: number
}

/** A running nats-server with JetStream. */
export interface NatsServer {
  port: number
  process: ChildProcess
  stop(): Promise<void>
}

/** Writes the configuration, starts nats-server and answers when it accepts connections. */
export async function startNatsServer(options: NatsOptions): Promise<NatsServer> {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 })
  const configFile = join(options.dataDir, 'nats.conf')
  writeFileSync(configFile, natsConfig({ ...options, storeDir: join(options.dataDir, 'jetstream') }), { mode: 0o600 })
  const child = startChild({
    command: options.binary,
    args: ['-c', configFile],
    env: {},
    logFile: options.logFile,
    deathSignal: options.deathSignal,
  })
  await untilReady(options, child)
  return { port: options.port, process: child, stop: () => stopChild(child, 'SIGTERM', 5000) }
}

async function untilReady(options: NatsOptions, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + 60_000
  while (Date.now() < deadline) {
    if (hasExited(child)) throw new Failure(startProblem(options))
    if (await accepts('127.0.0.1', options.port)) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  child.kill('SIGKILL')
  throw new Failure(`nats-server did not become ready in a minute; see ${options.logFile}.`)
}

function startProblem(options: NatsOptions): string {
  const log = existsSync(options.logFile) ? readFileSync(options.logFile, 'utf8').slice(-2000) : ''
  const line = log.split('\n').findLast((text) => /\[FTL\]|\[ERR\]|nats-server:/.test(text))
  return `nats-server did not start${line ? `: ${line.replace(/^.*\[(FTL|ERR)\] */, '')}` : ''} (log: ${options.logFile}).`
}
