import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect as connectSocket, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

export interface TestServer {
  url: string
  start(): Promise<void>
  /** Ends the process; `wipe` also loses its data. */
  stop(options?: { wipe?: boolean }): Promise<void>
  /** Stops the server and removes its data. */
  remove(): Promise<void>
}

/** A nats-server of our own on a free port, that can be stopped, started again and made to lose its data. */
export async function newServer(): Promise<TestServer> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'nats-'))
  const dataFolder = join(folder, 'data')
  let child: ChildProcess | null = null
  const server: TestServer = {
    url: `nats://127.0.0.1:${port}`,
    async start() {
      const command = spawn('nats-server', ['-a', '127.0.0.1', '-p', `${port}`, '-js', '-sd', dataFolder], {
        stdio: 'ignore',
        env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin` },
      })
      child = command
      while (!(await accepts(port))) {
        if (command.exitCode !== null) throw new Error('nats-server did not start')
        await delay(20)
      }
    },
    async stop({ wipe = false } = {}) {
      if (child && child.exitCode === null) {
        const exited = once(child, 'exit')
        child.kill('SIGKILL')
        await exited
      }
      child = null
      if (wipe) rmSync(dataFolder, { recursive: true, force: true })
    },
    async remove() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  await server.start()
  return server
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  listener.close()
  await once(listener, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return address.port
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connectSocket(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
