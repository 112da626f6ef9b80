import type { Static, TObject, TSchema } from '@sinclair/typebox'
import { type EventContract, eventType } from './event.ts'
import { type Access, chartAreaOf, type Permission } from './permissions.ts'
import type { ProblemCode } from './problems.ts'
import type { ServiceName } from './service-name.ts'
import type { Steps } from './steps.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * Where the patient of an operation is found, for the audit trail: in the answer's `id` or `patient_id` (each item of a
 * list), or in the path's `:id`. Operations that touch no patient say `none`.
 */
export type PatientSource = 'answer.id' | 'answer.patient_id' | 'path.id' | 'none'

type FieldPath = 'path.id' | `query.${string}` | `body.${string}`

/**
 * The field that names a person of each kind, whose copy has to be here before the operation refers to it. Where
 * something new is made and leaves the doctor out, it may be the one who is signed in; not where the field may be null.
 */
export interface NamedPeople {
  staff?: FieldPath
  doctor?: FieldPath
  patient?: FieldPath
}

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
  /** What it may tell, beyond what its step tells. */
  events: readonly EventContract[]
  /** The step of a status that it takes: its refusal and its event follow. */
  step?: { of: Steps; name: string }
  patient: PatientSource
  /** Whoever acts is known before; so are these, asked of the service they belong to when they were made a moment ago. */
  people?: NamedPeople
  /** Answer fields that need one of the named permissions, deeper ones as `appointments.patient_name`; without it they are absent. */
  fields?: Readonly<Record<string, readonly Permission[]>>
  /** `required` on PATCH, `honoured` on other changes of one row. */
  ifMatch: 'required' | 'honoured' | 'none'
  /** Takes an Idempotency-Key; the answer is then kept for a day. Before sign-in key and body together say which request. */
  idempotent: boolean
  /** The answer holds a token, a code or a one-time address: it is kept nowhere, so an Idempotency-Key is refused. */
  secretAnswer: boolean
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

type Given = Omit<RouteContract, keyof Defaults> & Partial<RouteContract>

type Defaults = Pick<
  RouteContract,
  | 'problems'
  | 'events'
  | 'ifMatch'
  | 'idempotent'
  | 'secretAnswer'
  | 'chart'
  | 'bodyLimit'
  | 'bodyValues'
  | 'consumes'
  | 'patient'
>

/**
 * Declares an operation; fills in what follows from method, path and status: PATCH needs If-Match, other changes of
 * `:id` honour it, POST and PATCH take an Idempotency-Key unless the answer is a secret, whatever needs a permission about charts and names a
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
    idempotent: (given.method === 'POST' || given.method === 'PATCH') && given.secretAnswer !== true,
    secretAnswer: false,
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

/** The rules of an entity where it stands deeper in an answer. */
export const fieldsUnder = (
  place: string,
  fields: NonNullable<RouteContract['fields']>,
): NonNullable<RouteContract['fields']> =>
  Object.fromEntries(Object.entries(fields).map(([field, opens]) => [`${place}.${field}`, opens]))

/** Every refusal an operation can give: what follows from what it is, and what its contract names. */
export function problemsOf(contract: RouteContract): ProblemCode[] {
  const { access, body, chart, ifMatch, method } = contract
  const isSignedIn = access !== 'public'
  const when = (is: boolean, ...codes: ProblemCode[]): ProblemCode[] => (is ? codes : [])
  return [
    ...new Set<ProblemCode>([
      'invalid-request',
      'too-many-requests',
      'internal-error',
      'service-unavailable',
      'audit-unavailable',
      'bad-gateway',
      'gateway-timeout',
      ...when(body !== undefined, 'malformed-json', 'payload-too-large', 'unsupported-media-type'),
      ...when(isSignedIn, 'unauthenticated', 'tenant-mismatch'),
      ...when(isSignedIn && access !== 'signed-in', 'forbidden'),
      ...when(contract.path.includes('/:'), 'not-found'),
      ...when(contract.query?.properties['cursor'] !== undefined, 'invalid-cursor'),
      ...when(ifMatch === 'required', 'if-match-required'),
      ...when(ifMatch !== 'none', 'stale-version'),
      ...when(contract.idempotent, 'idempotency-in-progress', 'idempotency-key-reused'),
      ...when(chart !== 'none' || (method === 'PATCH' && contract.fields !== undefined), 'care-relation-required'),
      ...when(contract.step !== undefined, contract.step?.of[contract.step.name]?.refusal ?? 'illegal-transition'),
      ...contract.problems,
    ]),
  ]
}

/** The types of the events that an operation may tell. */
export const eventTypesOf = (contract: RouteContract): string[] => {
  const step = contract.step?.of[contract.step.name]
  return [...new Set([...contract.events, ...(step?.event ? [step.event] : [])].map(eventType))]
}

type StaticOr<S, Fallback> = S extends TSchema ? Static<S> : Fallback
export type ParamsOf<C extends RouteContract> = StaticOr<C['params'], Record<string, never>>
export type QueryOf<C extends RouteContract> = StaticOr<C['query'], Record<string, never>>
export type BodyOf<C extends RouteContract> = StaticOr<C['body'], undefined>
export type AnswerOf<C extends RouteContract> = C['answer'] extends TSchema
  ? Static<C['answer']>
  : // biome-ignore lint/suspicious/noConfusingVoidType: a handler without an answer returns nothing
    void
