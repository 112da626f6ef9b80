import { randomInt } from 'node:crypto'
import type { ServiceName } from '@hospital/database'
import type { KindName } from './kinds.ts'
import type { Person, Role } from './people.ts'

export type Fields = Record<string, string | number>

/** Something the load has made, as its last acknowledged write left it. */
export interface Entity {
  kind: KindName
  /** A word that no other row has. */
  mark: string
  id: number
  version: number
  fields: Fields
  /** A write of it is on its way: one at a time, so that we know what holds afterwards. */
  isBusy: boolean
  /** A write was never answered: it may be done or not. */
  isUnsure: boolean
}

/** A write that was answered as done. */
export interface Acknowledged {
  what: string
  service: ServiceName
  /** Of every attempt: which of them did it, the client cannot know. */
  requestIds: readonly string[]
}

export interface Hospital {
  tenantId: string
  people: Readonly<Record<Role, Person>>
  doctorRoleId: number
  entities: Entity[]
  writes: Acknowledged[]
  /** Marks of what was refused: no row may have them. */
  refused: string[]
}

/** All that was acknowledged in one run, to be compared with what is there. */
export interface Ledger {
  /** Every mark of this run begins with it. */
  run: string
  hospitals: readonly Hospital[]
  /** Answers that nobody should get, as sentences. */
  unexpected: string[]
  /** Requests sent, and answers that were kept ones of an earlier attempt. */
  attempts: number
  replays: number
  /** A start that no other appointment has, half an hour after the one before. */
  nextSlot(): string
}

const daysAhead = 400
const halfHourMs = 30 * 60_000

export function newLedger(hospitals: readonly Hospital[]): Ledger {
  const today = Math.floor(Date.now() / 86_400_000) * 86_400_000
  let slot = today + (daysAhead + randomInt(2000)) * 86_400_000
  return {
    run: word(4),
    hospitals,
    unexpected: [],
    attempts: 0,
    replays: 0,
    nextSlot: () => {
      slot += halfHourMs
      return new Date(slot).toISOString()
    },
  }
}

/** A pronounceable word of so many syllables. */
export function word(syllables: number): string {
  const letter = (among: string) => among[randomInt(among.length)]
  return Array.from({ length: syllables }, () => `${letter('bdfgklmnprstvz')}${letter('aeiou')}`).join('')
}

/** One of them by chance, of those that no write is on its way for. */
export function pickFree(hospital: Hospital, kind: KindName, isMeant = (_: Entity) => true): Entity | undefined {
  const free = hospital.entities.filter((it) => it.kind === kind && !it.isBusy && !it.isUnsure && isMeant(it))
  return free.length === 0 ? undefined : free[randomInt(free.length)]
}
