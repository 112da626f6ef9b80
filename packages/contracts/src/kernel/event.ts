import type { Static, TSchema } from '@sinclair/typebox'
import type { ServiceName } from './service-name.ts'

/** A fact that other services may hear. `data` carries ids, the version and facts that consumers copy; never clinical text. */
export interface EventContract<D extends TSchema = TSchema> {
  service: ServiceName
  entity: string
  verb: string
  version: number
  data: D
}

/** Declares an event: past tense verb, e.g. `event({ service: 'identity', entity: 'user', verb: 'updated', version: 1, data })`. */
export const event = <D extends TSchema>(contract: EventContract<D>): EventContract<D> => contract

/** `hospital.identity.user.updated.v1` */
export const eventType = (e: EventContract): string => `hospital.${e.service}.${e.entity}.${e.verb}.v${e.version}`

/** `identity.demo_hospital_001.user.updated.v1`; `*` as tenant makes the filter of a consumer. */
export const eventSubject = (e: EventContract, tenantId: string): string =>
  `${e.service}.${tenantId}.${e.entity}.${e.verb}.v${e.version}`

/** CloudEvents 1.0, structured JSON, with our extension attributes. */
export interface CloudEvent<Data = unknown> {
  specversion: '1.0'
  id: string
  source: string
  type: string
  subject: string
  time: string
  datacontenttype: 'application/json'
  tenantid: string
  traceparent?: string
  requestid: string
  actorid: string
  data: Data
}

export type DataOf<E extends EventContract> = Static<E['data']>
