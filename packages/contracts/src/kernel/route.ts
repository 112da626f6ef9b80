import type { Static, TObject, TSchema } from '@sinclair/typebox'
import type { EventContract } from './event.ts'
import { type Access, chartAreaOf, type Permission } from './permissions.ts'
import type { ProblemCode } from './problems.ts'

export type ServiceName = 'identity' | 'clinical' | 'scheduling'
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * Where the patient of an operation is found, for the audit trail: in the answer's `id` or `patient_id` (each item of a
 * list), or in the path's `:id`. Operations that touch no patient say `none`.
 */
export type PatientSource = 'answer.id' | 'answer.patient_id' | 'path.id' | 'none'

/** What one operation is. Validation, authorisation, audit, paging, documents and client types all follow from it. */
export interface RouteContract {
  service: ServiceName
  /** Also the audit action and the metric label. Imperative: `bookAppointment`. */
  operationId: string
  method: Method
  path: string
  summary: string
  access: Access
  params?: TObject
  query?: TObject
  body?: TSchema
  /** Success status and the schema of its body (null: no body). */
  status: 200 | 201 | 202 | 204
  answer: TSchema | null
  /** The refusals beyond those every route can give (400, 401, 403, 404 with an id, 412, 428 …). */
  problems: readonly ProblemCode[]
  events: readonly EventContract[]
  patient: PatientSource
  /** Answer fields that need one of the named permissions; without it they are absent. */
  fields?: Readonly<Record<string, readonly Permission[]>>
  /** `required` on PATCH, `honoured` on other changes of one row. */
  ifMatch: 'required' | 'honoured' | 'none'
  /** Takes an Idempotency-Key. */
  idempotent: boolean
  /**
   * What it touches of a chart, for hospitals that ask for a care relation. `row`: one row, or a list of rows, which their
   * author may read and finish without the relation; `whole`: it looks at, or writes into, the chart as such.
   */
  chart: 'none' | 'row' | 'whole'
  /** Bytes; 1 MiB unless said. */
  bodyLimit: number
  /** Most JSON values (lists, objects and what is in them) of a body; `ordinaryBodyValues` unless said. */
  bodyValues: number
  /** Media types of the body besides application/json. */
  consumes: readonly string[]
  /** Media type of the answer when it is not JSON; the handler then gives the text itself. */
  produces?: string
}

const oneMebibyte = 1024 * 1024
/** An ordinary body holds hundreds. Each costs the parser, the validator and the refusal. */
export const ordinaryBodyValues = 5_000

type Given = Omit<
  RouteContract,
  'problems' | 'events' | 'ifMatch' | 'idempotent' | 'chart' | 'bodyLimit' | 'bodyValues' | 'consumes' | 'patient'
> &
  Partial<RouteContract>

type Defaults = Pick<
  RouteContract,
  'problems' | 'events' | 'ifMatch' | 'idempotent' | 'chart' | 'bodyLimit' | 'bodyValues' | 'consumes' | 'patient'
>

/**
 * Declares an operation; fills in what follows from method, path and status: PATCH needs If-Match, other changes of
 * `:id` honour it, a POST that answers 201 takes an Idempotency-Key, whatever needs a permission about charts and names a
 * patient touches that chart.
 */
export function route<const T extends Given>(given: T): T & Defaults {
  const changesOne = given.method !== 'GET' && given.path.includes('/:id')
  const defaults: Defaults = {
    problems: [],
    events: [],
    patient: 'none',
    ifMatch: given.method === 'PATCH' ? 'required' : changesOne ? 'honoured' : 'none',
    chart: chartTouchedBy(given),
    idempotent: given.method === 'POST' && given.status === 201,
    bodyLimit: oneMebibyte,
    bodyValues: ordinaryBodyValues,
    consumes: given.method === 'PATCH' ? ['application/merge-patch+json'] : [],
  }
  return { ...defaults, ...given }
}

function chartTouchedBy({ access, patient = 'none', path, method }: Given): RouteContract['chart'] {
  if (chartAreaOf(access) === null || patient === 'none') return 'none'
  const isOneRow = patient === 'answer.patient_id' && path.includes('/:id') && !path.startsWith('/api/patients/')
  const isList = method === 'GET' && !path.includes('/:id')
  return isOneRow || isList ? 'row' : 'whole'
}

type StaticOr<S, Fallback> = S extends TSchema ? Static<S> : Fallback
export type ParamsOf<C extends RouteContract> = StaticOr<C['params'], Record<string, never>>
export type QueryOf<C extends RouteContract> = StaticOr<C['query'], Record<string, never>>
export type BodyOf<C extends RouteContract> = StaticOr<C['body'], undefined>
export type AnswerOf<C extends RouteContract> = C['answer'] extends TSchema
  ? Static<C['answer']>
  : // biome-ignore lint/suspicious/noConfusingVoidType: a handler without an answer returns nothing
    void
