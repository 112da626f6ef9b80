import { randomInt } from 'node:crypto'
import { explain } from '@hospital/stack/failure'
import type { TestSystem } from '../system.ts'
import { pause, untilTrue } from './until.ts'

/** Something that goes wrong while people work. */
export interface Fault {
  name: string
  about: string
  /** Answers when it is over; rejects when the system does not come back. */
  play(system: TestSystem): Promise<void>
}

type Part = 'identity' | 'clinical' | 'scheduling' | 'gateway' | 'postgres' | 'nats'

const backWithinMs = 60_000

function pidOf(system: TestSystem, part: Part): number {
  const { gateway, services, postgres, nats } = system.stack()
  const program = { gateway, postgres, nats }[part as string] ?? services.find(({ name }) => name === part)
  return Number(program?.pid)
}

/** Rejects when the gateway does not say within a minute that all parts are ready. */
export async function untilReady(system: TestSystem, after: string): Promise<void> {
  let answer: unknown
  const isReady = async () => {
    const { status, body } = await system.request('GET', '/readyz', { withinMs: 10_000 })
    answer = body
    return status === 200
  }
  const isInTime = await untilTrue(isReady, backWithinMs).catch((error: unknown) => {
    answer = explain(error)
    return false
  })
  if (!isInTime) throw new Error(`not ready a minute after ${after}: ${JSON.stringify(answer)}`)
}

async function killOnce(system: TestSystem, part: Part): Promise<void> {
  const before = pidOf(system, part)
  process.kill(before, 'SIGKILL')
  const isBack = await untilTrue(async () => pidOf(system, part) !== before, backWithinMs)
  if (!isBack) throw new Error(`${part} did not start again within a minute`)
  await untilReady(system, `${part} was killed`)
}

const killTwice = (part: Part): Fault => ({
  name: `kill-${part}`,
  about: `SIGKILL for ${part}, twice`,
  play: async (system) => {
    for (let turn = 0; turn < 2; turn++) {
      await pause(500 + randomInt(2500))
      await killOnce(system, part)
    }
  },
})

const stoppedForMs = 6_000

const stop = (part: Part): Fault => ({
  name: `stop-${part}`,
  about: `SIGSTOP for ${part}, SIGCONT ${stoppedForMs / 1000} s later`,
  play: async (system) => {
    const pid = pidOf(system, part)
    process.kill(pid, 'SIGSTOP')
    try {
      await pause(stoppedForMs)
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    await untilReady(system, `${part} was stopped`)
  },
})

const endConnections: Fault = {
  name: 'end-connections',
  about: 'every connection of the database server is terminated, three times',
  play: async (system) => {
    for (let turn = 0; turn < 3; turn++) {
      await pause(500 + randomInt(1500))
      await system.query(
        'identity',
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
      )
    }
    await untilReady(system, 'all connections were terminated')
  },
}

/** One that was killed a moment ago may not run again yet. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

const parts: readonly Part[] = ['identity', 'clinical', 'scheduling', 'gateway', 'postgres', 'nats']
const atRandomForMs = 20_000

const killAtRandom: Fault = {
  name: 'kill-at-random',
  about: `SIGKILL for any part by chance, for ${atRandomForMs / 1000} s, without waiting for the one before`,
  play: async (system) => {
    const until = Date.now() + atRandomForMs
    while (Date.now() < until) {
      await pause(randomInt(4000))
      killIfThere(pidOf(system, parts[randomInt(parts.length)] ?? 'gateway'))
    }
    await untilReady(system, 'killing at random')
  },
}

export const faults: readonly Fault[] = [
  { name: 'calm', about: 'nothing goes wrong', play: () => pause(8_000) },
  killTwice('identity'),
  killTwice('clinical'),
  killTwice('scheduling'),
  killTwice('gateway'),
  stop('clinical'),
  stop('scheduling'),
  killTwice('postgres'),
  killTwice('nats'),
  endConnections,
  killAtRandom,
]
