import { setTimeout as delay } from 'node:timers/promises'
import { type ConnectionOptions, connect, Events, type NatsConnection } from 'nats'
import { type Log, nameOfError } from './log.ts'

export interface ConnectOptions {
  /** `nats://host:port`, several separated by commas; a user and password in it win over the given ones. */
  url: string
  user?: string | undefined
  password?: string | undefined
  /** The program: identity, clinical, scheduling or gateway. Also names its inboxes and dead letters. */
  name: string
  log: Log
}

/** One connection that is looked for until it is there, and again whenever it is lost. */
export interface Connection {
  /** The connection as soon as there is one; rejects with `ConnectionMissing` when that takes longer than given. */
  within(ms: number): Promise<NatsConnection>
  /** Does something on the connection; rejects with `ConnectionMissing` as soon as there is none, or it is lost meanwhile. */
  during<T>(work: (nc: NatsConnection) => Promise<T>): Promise<T>
  isConnected(): boolean
  /** Called at the first connection and after each later one. */
  onConnected(callback: () => void): void
  close(): Promise<void>
}

export class ConnectionMissing extends Error {
  override readonly name = 'ConnectionMissing'
  /** It was lost while work was under way, which may have reached the other side. */
  readonly meanwhile: boolean
  constructor(meanwhile = false) {
    super(meanwhile ? 'the connection to the message server is lost' : 'no connection to the message server')
    this.meanwhile = meanwhile
  }
}

const attemptPauseMs = 500

/** Starts connecting in the background: a program starts, and says it is not ready, while the server is away. */
export function openConnection(options: ConnectOptions): Connection {
  const { log } = options
  const callbacks: (() => void)[] = []
  const stop = new AbortController()
  let current: NatsConnection | null = null
  let connected = false
  let lost = new AbortController()

  const announce = (): void => {
    connected = true
    lost = new AbortController()
    for (const callback of callbacks) callback()
  }
  const first = dial(options, stop.signal).then(async (nc) => {
    if (stop.signal.aborted) return nc.close()
    current = nc
    void watch(nc)
    announce()
  })
  first.catch((error) => {
    if (!stop.signal.aborted) log.error(nameOfError(error), 'connecting to the message server was given up')
  })

  async function watch(nc: NatsConnection): Promise<void> {
    for await (const { type, data } of nc.status()) {
      if (type === Events.Disconnect) {
        if (connected) log.warn({}, 'connection to the message server is lost')
        connected = false
        lost.abort()
      } else if (type === Events.Reconnect) {
        log.info({}, 'connected to the message server again')
        announce()
      } else if (type === Events.Error) log.error({ data: String(data) }, 'the message server refuses an operation')
    }
  }

  return {
    async within(ms) {
      if (!current) await firstWithin(first, ms)
      if (!current) throw new ConnectionMissing()
      return current
    },
    during(work) {
      if (!current || !connected) return Promise.reject(new ConnectionMissing())
      return unless(lost.signal, work(current))
    },
    isConnected: () => connected,
    onConnected(callback) {
      callbacks.push(callback)
      if (connected) callback()
    },
    async close() {
      stop.abort()
      connected = false
      if (current && !current.isClosed()) await Promise.race([current.drain(), delay(5_000, undefined, { ref: false })])
      if (current && !current.isClosed()) await current.close()
    },
  }
}

/** Waits for the first connection, at most so long. The timer keeps a program alive that has nothing else to do yet. */
async function firstWithin(first: Promise<void>, ms: number): Promise<void> {
  const timer = new AbortController()
  const settled = first.catch(() => undefined).finally(() => timer.abort())
  await Promise.race([settled, delay(ms, undefined, { signal: timer.signal }).catch(() => undefined)])
}

/** The outcome of `work`, or a rejection when the signal comes first: an answer on a lost connection never comes. */
function unless<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(new ConnectionMissing(true))
    signal.addEventListener('abort', giveUp, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp))
  })
}

/** Tries until it works. The client's own waiting gives up on a wrong password, which may be put right meanwhile. */
async function dial(options: ConnectOptions, signal: AbortSignal): Promise<NatsConnection> {
  const settings = connectionSettings(options)
  for (let attempt = 1; ; attempt++) {
    try {
      return await connect(settings)
    } catch (error) {
      if (attempt % 20 === 1) options.log.warn(nameOfError(error), 'the message server cannot be reached, trying on')
      await delay(attemptPauseMs, undefined, { signal })
    }
  }
}

function connectionSettings({ url, user, password, name }: ConnectOptions): ConnectionOptions {
  const servers = url.split(',').map((part) => new URL(part.includes('://') ? part : `nats://${part}`))
  const credentials = servers.find((server) => server.username)
  const secure = servers.some((server) => server.protocol === 'tls:')
  return {
    servers: servers.map((server) => `${server.hostname}:${server.port || 4222}`),
    name,
    inboxPrefix: `_INBOX_${name}`,
    timeout: 3_000,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    reconnectJitter: 100,
    ignoreAuthErrorAbort: true,
    // A server that hangs without closing is noticed within half a minute.
    pingInterval: 10_000,
    ...(secure ? { tls: {} } : {}),
    ...authentication(credentials, user, password),
  }
}

function authentication(url: URL | undefined, user?: string, password?: string): Partial<ConnectionOptions> {
  if (url) {
    const name = decodeURIComponent(url.username)
    return url.password ? { user: name, pass: decodeURIComponent(url.password) } : { token: name }
  }
  return user ? { user, pass: password ?? '' } : {}
}
