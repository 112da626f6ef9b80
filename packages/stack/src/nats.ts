import { createConnection } from 'node:net'
import { join } from 'node:path'
import type { Config } from './config.ts'
import { logFile } from './data-dir.ts'
import { findNatsServer } from './embedded/nats-binary.ts'
import { natsUser, programs } from './embedded/nats-config.ts'
import { startNatsServer } from './embedded/nats-server.ts'
import { freePort } from './embedded/ports.ts'
import { Failure } from './failure.ts'
import { readSecret } from './secrets.ts'
import { type Supervised, supervise } from './supervise.ts'

/** Starts nats-server, with a user for each program, and keeps it running on its port. */
export async function keepNats(
  config: Config,
  hooks: { onRestart(): void; say(line: string): void },
): Promise<Supervised & { port: number }> {
  const binary = findNatsServer(config.searchPath, hooks.say)
  const port = await freePort()
  const start = () =>
    startNatsServer({
      binary,
      dataDir: join(config.dataDir, 'nats'),
      port,
      logFile: logFile(config.dataDir, 'nats'),
      users: programs.map((program) => natsUser(program, readSecret(config, `nats_${program}_password`))),
      deathSignal: 'TERM',
    })
  const supervised = await supervise({ name: 'NATS', start, onRestart: hooks.onRestart, say: hooks.say })
  return { ...supervised, port }
}

/** Fails with one line when NATS_URL leads to no nats-server with JetStream. */
export async function checkNats(url: string): Promise<void> {
  const [first = ''] = url.split(',')
  const full = first.includes('://') ? first : `nats://${first}`
  if (!URL.canParse(full)) throw new Failure('NATS_URL is not a URL, for example nats://localhost:4222.')
  const { hostname, port } = new URL(full)
  const info = await greeting(hostname, Number(port || 4222))
  if (info === undefined) {
    throw new Failure(
      `No NATS answers at ${hostname}:${port || 4222}: start it or correct NATS_URL (without it an embedded one is used).`,
    )
  }
  if (info.jetstream !== true) {
    throw new Failure(`The NATS at ${hostname}:${port || 4222} has no JetStream: start it with -js.`)
  }
}

/** What a nats-server says first to everybody. */
async function greeting(host: string, port: number): Promise<{ jetstream?: boolean } | undefined> {
  return await new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: 5000 })
    const answer = (info?: { jetstream?: boolean }) => {
      socket.destroy()
      resolve(info)
    }
    let text = ''
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk
      const line = /^INFO (\{.*\})\s*\r?\n/.exec(text)
      if (line !== null) answer(JSON.parse(line[1] ?? '{}'))
      else if (text.length > 65_536) answer()
    })
    for (const event of ['error', 'timeout', 'close'] as const) socket.once(event, () => answer())
  })
}
