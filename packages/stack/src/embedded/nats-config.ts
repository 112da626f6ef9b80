/** A program that may connect, and exactly what it may say and hear. */
export interface NatsUser {
  name: string
  password: string
  publish: string[]
  subscribe: string[]
}

interface NatsConfig {
  port: number
  storeDir: string
  users: NatsUser[]
  /** Address to listen on; the loopback interface unless a container needs more. */
  host?: string
  monitorPort?: number
  /** Every write reaches the disk before it is acknowledged (nats-server 2.10 and newer). */
  syncAlways?: boolean
}

export const programs = ['identity', 'clinical', 'scheduling', 'gateway'] as const
export type Program = (typeof programs)[number]

const services = ['identity', 'clinical', 'scheduling']
const streams = services.map((service) => service.toUpperCase())

/**
 * What each program's user may do: publish its own events, questions and dead letters, answer its own questions, manage
 * its own stream, and read every stream through consumers. It can neither speak for another program nor delete anything.
 */
export function natsUser(program: Program, password: string): NatsUser {
  return {
    name: program,
    password,
    publish: [
      ...services.map((service) => `rpc.${service}.>`),
      ...(program === 'gateway' ? followStreams() : serviceSubjects(program)),
    ],
    // Each program has an inbox of its own: nobody reads the answers another one gets.
    // The gateway hears events as they pass, to forget what it remembers of a session.
    subscribe: [
      `_INBOX_${program}.>`,
      ...(program === 'gateway' ? services.map((service) => `${service}.>`) : [`rpc.${program}.>`]),
    ],
  }
}

/** Where a stream stands, and consumers that push into the own inbox; no pulling, so not from others' consumers either. */
const followStreams = (): string[] =>
  services.flatMap((service) => {
    const stream = service.toUpperCase()
    return [`$JS.API.STREAM.INFO.${stream}`, `$JS.API.CONSUMER.CREATE.${stream}.*.${service}.>`]
  })

const serviceSubjects = (service: string): string[] => [
  `${service}.>`,
  `dead.${service}.>`,
  '$JS.API.INFO',
  '$JS.API.STREAM.NAMES',
  '$JS.API.STREAM.LIST',
  '$JS.API.STREAM.INFO.*',
  ...[service.toUpperCase(), 'DEAD_LETTERS'].flatMap((stream) => [
    `$JS.API.STREAM.CREATE.${stream}`,
    `$JS.API.STREAM.UPDATE.${stream}`,
  ]),
  ...streams.flatMap((stream) => [
    `$JS.API.STREAM.MSG.GET.${stream}`,
    `$JS.API.DIRECT.GET.${stream}`,
    `$JS.API.DIRECT.GET.${stream}.>`,
    `$JS.API.CONSUMER.CREATE.${stream}`,
    `$JS.API.CONSUMER.CREATE.${stream}.>`,
    `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.*`,
    `$JS.API.CONSUMER.INFO.${stream}.*`,
    `$JS.API.CONSUMER.NAMES.${stream}`,
    `$JS.API.CONSUMER.LIST.${stream}`,
    `$JS.API.CONSUMER.MSG.NEXT.${stream}.*`,
    `$JS.ACK.${stream}.>`,
  ]),
]

/** The text of a nats-server configuration file. */
export function natsConfig(config: NatsConfig): string {
  const { port, storeDir, users, host = '127.0.0.1' } = config
  const lines = [
    `server_name: hospital`,
    `listen: ${quote(`${host}:${port}`)}`,
    ...(config.monitorPort === undefined ? [] : [`http: ${quote(`${host}:${config.monitorPort}`)}`]),
    `jetstream {`,
    `  store_dir: ${quote(storeDir)}`,
    ...(config.syncAlways ? ['  sync_interval: always'] : []),
    `}`,
    `max_payload: 1MB`,
  ]
  if (users.length > 0) lines.push('authorization {', '  users = [', ...users.map(userLine), '  ]', '}')
  return `${lines.join('\n')}\n`
}

function userLine(user: NatsUser): string {
  const list = (subjects: string[]) => `[${subjects.map(quote).join(', ')}]`
  // allow_responses: whoever is asked may answer into the asker's inbox, for that one question.
  return (
    `    { user: ${quote(user.name)}, password: ${quote(user.password)}, permissions: { ` +
    `publish: ${list(user.publish)}, subscribe: ${list(user.subscribe)}, allow_responses: { max: 1, expires: "1m" } } }`
  )
}

function quote(text: string): string {
  return JSON.stringify(text)
}
