import { BlockList, isIP } from 'node:net'

/** What decides whether demo hospitals, with passwords that everybody knows, may be in a database. */
export interface DemoFacts {
  production: boolean
  /** The command loads demo hospitals; `migrate` does only when asked to. */
  canLoad: boolean
  /** What HOSPITAL_DEMO says. */
  word: boolean | undefined
  /** Every database was made, empty, by this program. */
  isOwn: boolean
  /** Where the databases are reached. */
  databaseHosts: readonly string[]
  /** Where the gateway listens. */
  gatewayHost: string
  /** `demo`: hospitals that this program made up are in it; `people`: hospitals or users, and none of those. */
  content: 'nothing' | 'demo' | 'people'
}

export interface DemoDecision {
  /** Demo hospitals are made, or their loading is taken up again. */
  loads: boolean
  /** An operator who is made now gets the public password. */
  hasPublicOperator: boolean
  /** It may become a demo, and a command that loads one has yet to come: nobody is made. */
  isLeftOpen: boolean
  /** Why nobody in the database may have a public password, after "since"; undefined: they may. */
  objection: string | undefined
}

/**
 * Public passwords belong into databases that the program itself made, empty and for a demo, where nobody but this machine
 * reaches them; elsewhere it takes the word of whoever starts it. What is in the databases already stays as it is: a
 * database that was made for something else never becomes a demo by a forgotten setting.
 */
export function decideDemo(facts: DemoFacts): DemoDecision {
  const { production, word, canLoad, content } = facts
  const isSaid = word === true && !production
  const objection = isSaid ? undefined : objectionTo(facts)
  const mayLoad = isSaid || (word === undefined && objection === undefined)
  return {
    loads: mayLoad && canLoad,
    hasPublicOperator: mayLoad && canLoad && content === 'nothing',
    isLeftOpen: mayLoad && !canLoad && content === 'nothing',
    objection,
  }
}

function objectionTo({ production, isOwn, databaseHosts, gatewayHost, content }: DemoFacts): string | undefined {
  if (production) return 'NODE_ENV is production'
  if (!isOwn) return 'the databases were not made by this program'
  if (content === 'people') return 'the databases were not made for a demo'
  if (!databaseHosts.every(isLoopback)) return 'PostgreSQL is not on this machine'
  if (!isLoopback(gatewayHost)) return `HOST=${gatewayHost} lets other machines in`
  return undefined
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

/** Whether only this machine reaches what listens there; a name other than `localhost` may lead anywhere. */
export function isLoopback(host: string): boolean {
  const family = isIP(host)
  if (family === 0) return host.toLowerCase() === 'localhost' || host.startsWith('/')
  return loopback.check(host, family === 6 ? 'ipv6' : 'ipv4')
}

/** The host of a database URL, or the folder of its socket: the driver lets a parameter win over what stands before. */
export function databaseHost(url: string): string {
  const { hostname, searchParams } = new URL(url)
  return searchParams.getAll('host').at(-1) ?? decodeURIComponent(hostname).replace(/^\[|\]$/g, '')
}
