import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

/** A real mail server that keeps what it gets. */
interface TestSmtp {
  url: string
  /** The messages as they came over the wire, oldest first, with whom they are for. */
  readonly messages: readonly { to: string[]; text: string }[]
  /** Refuses every mail until told otherwise. */
  refuse(refusing: boolean): void
  stop(): Promise<void>
}

/** Starts a mail server on a free port of the loopback interface. */
export async function startSmtp(): Promise<TestSmtp> {
  const messages: { to: string[]; text: string }[] = []
  let refusing = false
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onConnect: (_session, callback) => callback(refusing ? new Error('not now') : null),
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address)
        messages.push({ to, text: Buffer.concat(chunks).toString('utf8') })
        callback()
      })
    },
  })
  server.on('error', () => {})
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const { port } = listening.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    messages,
    refuse: (now) => {
      refusing = now
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
