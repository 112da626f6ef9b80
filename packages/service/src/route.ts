import type { AnswerOf, BodyOf, ChartArea, ParamsOf, QueryOf, RequestContext, RouteContract } from '@hospital/contracts'
import type { GlobalTx, TenantTx } from '@hospital/database'

/** What a handler adds to the audit row that the contract cannot say. */
export interface AuditNotes {
  patientIds: number[]
  purpose?: string
  details?: Record<string, unknown>
}

/** A request that is authenticated, allowed and valid. */
export interface Input<C extends RouteContract> {
  context: RequestContext
  params: ParamsOf<C>
  query: QueryOf<C>
  body: BodyOf<C>
  /** One clock reading for the whole operation. */
  now: Date
  userAgent: string | undefined
  audit: AuditNotes
}

/** What `work` may ask about the charts it touches; they were asked for before it began. */
export interface ChartDoor {
  /** The areas of this patient's chart that are open to who asks. */
  areasOf(patientId: number): ReadonlySet<ChartArea>
}

/**
 * How an operation is carried out. `prepare` runs before the transaction: whatever is slow (hashing, asking another
 * service) belongs there. `load` locks the row that `:id` names (null answers 404) and lets If-Match be checked before
 * `work`. `work` decides and writes; its answer leaves after the commit.
 */
export interface Steps<C extends RouteContract, Tx, Prepared, Current> {
  prepare?: (input: Input<C>) => Promise<Prepared>
  load?: (tx: Tx, input: Input<C>) => Promise<Current | null>
  work: (tx: Tx, input: Input<C> & { prepared: Prepared; current: Current; chart: ChartDoor }) => Promise<AnswerOf<C>>
}

/** What of one patient's chart is open to a person. */
export interface ChartOpening {
  areas: ReadonlySet<ChartArea>
  /** It is open only because the glass was broken. */
  brokenGlass: boolean
}

/**
 * What of these patients' charts may this person open? Asked inside the transaction, once per patient, for every
 * operation that touches a chart. A patient who is not there hides nothing: all areas.
 */
export type CareGuard = (
  tx: TenantTx,
  context: RequestContext,
  patientIds: readonly number[],
) => Promise<ReadonlyMap<number, ChartOpening>>

// Handlers of all contracts live in one table; inside it their own types are erased.
// biome-ignore lint/suspicious/noExplicitAny: the erased form of Steps; every typed one fits it
type AnySteps<Tx> = Steps<any, Tx, any, any>

export type Route =
  | { door: 'tenant'; contract: RouteContract; steps: AnySteps<TenantTx> }
  | { door: 'global'; contract: RouteContract; steps: AnySteps<GlobalTx> }
  | { door: 'public'; contract: RouteContract; work: (input: PublicInput<RouteContract>) => Promise<unknown> }

/** A request nobody has signed in for. */
export type PublicInput<C extends RouteContract> = Omit<Input<C>, 'context' | 'audit'> & {
  requestId: string
  traceparent: string | undefined
  /** When the request came to the gateway. */
  arrivedAt: Date
  address: string | undefined
}

/** An operation inside the caller's hospital: one tenant transaction around `load`, `work`, audit and idempotency. */
export function handle<C extends RouteContract, Prepared = undefined, Current = undefined>(
  contract: C,
  steps: Steps<C, TenantTx, Prepared, Current> | Steps<C, TenantTx, Prepared, Current>['work'],
): Route {
  return { door: 'tenant', contract, steps: typeof steps === 'function' ? { work: steps } : steps }
}

/** An operation of operators over all hospitals; reaches the service's global tables only. */
export function handleGlobal<C extends RouteContract, Prepared = undefined, Current = undefined>(
  contract: C,
  steps: Steps<C, GlobalTx, Prepared, Current>,
): Route {
  return { door: 'global', contract, steps }
}

/** An operation before sign-in. It opens its own transactions and writes its own audit rows. */
export function handlePublic<C extends RouteContract>(
  contract: C,
  work: (input: PublicInput<C>) => Promise<AnswerOf<C>>,
): Route {
  return { door: 'public', contract, work: work as (input: PublicInput<RouteContract>) => Promise<unknown> }
}
