import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { findNatsServer, freePort, type NatsServer, type NatsUser, startNatsServer } from '@hospital/stack/embedded'
import { atExit } from './at-exit.ts'
import { searchPath } from './config.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** A real nats-server with JetStream that this test file has for itself. */
export interface TestNats {
  url: string
  /** Events that durable consumers have not finished yet. */
  backlog(): Promise<number>
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>
  /** Starts it again on the same port; with `forget` its streams are lost first. */
  restart(options?: { forget?: boolean }): Promise<void>
  stop(): Promise<void>
}

/** Starts nats-server on a free port. Given users, nobody else may connect. */
export async function startNats(options: { users?: NatsUser[] } = {}): Promise<TestNats> {
  const folder = await temporaryFolder()
  const port = await freePort()
  const monitorPort = await freePort()
  const binary = findNatsServer(searchPath, () => {})
  const dataDir = join(folder.path, 'nats')
  const start = () =>
    startNatsServer({
      binary,
      dataDir,
      port,
      monitorPort,
      logFile: join(folder.path, 'nats.log'),
      users: options.users ?? [],
      deathSignal: 'KILL',
    })
  let server: NatsServer = await start()
  const kill = async () => {
    const gone = new Promise((resolve) => server.process.once('exit', resolve))
    if (server.process.kill('SIGKILL')) await gone
  }
  const forget = atExit(() => void server.process.kill('SIGKILL'))
  return {
    url: `nats://127.0.0.1:${port}`,
    backlog: () => backlogOf(monitorPort),
    kill,
    restart: async ({ forget = false } = {}) => {
      await kill()
      if (forget) await rm(join(dataDir, 'jetstream'), { recursive: true, force: true })
      server = await start()
    },
    stop: async () => {
      forget()
      await server.stop()
      await folder.remove()
    },
  }
}

interface StreamReport {
  consumer_detail?: { num_pending: number; num_ack_pending: number }[]
}

async function backlogOf(monitorPort: number): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${monitorPort}/jsz?streams=true&consumers=true`)
  const report = (await response.json()) as { account_details?: { stream_detail?: StreamReport[] }[] }
  const streams = (report.account_details ?? []).flatMap((account) => account.stream_detail ?? [])
  const consumers = streams.flatMap((stream) => stream.consumer_detail ?? [])
  return consumers.reduce((sum, { num_pending, num_ack_pending }) => sum + num_pending + num_ack_pending, 0)
}
