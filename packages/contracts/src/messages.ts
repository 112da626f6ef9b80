import * as clinical from './clinical/index.ts'
import * as identity from './identity/index.ts'
import { type EventContract, eventType } from './kernel/event.ts'
import type { RpcContract } from './kernel/rpc.ts'
import * as scheduling from './scheduling/index.ts'

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
export const isEvent = (value: unknown): value is EventContract =>
  isObject(value) && 'entity' in value && 'verb' in value && 'version' in value
export const isRequest = (value: unknown): value is RpcContract =>
  isObject(value) && 'subject' in value && 'request' in value && 'reply' in value

const exported: readonly unknown[] = [identity, clinical, scheduling].flatMap((service) => Object.values(service))

const sortedBy = <T>(rows: readonly T[], key: (row: T) => string): T[] =>
  rows.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))

/** Every event that any service tells, sorted by type. */
export const allEvents: readonly EventContract[] = sortedBy(exported.filter(isEvent), eventType)

/** Every question that one service asks another, sorted by subject. */
export const allRequests: readonly RpcContract[] = sortedBy(exported.filter(isRequest), ({ subject }) => subject)
