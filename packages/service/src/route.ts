import type {
  AnswerOf,
  BodyOf,
  ChartArea,
  ParamsOf,
  Problem,
  QueryOf,
  RequestContext,
  RouteContract,
} from '@hospital/contracts'
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

/** An account that an operation before sign-in is about, or just its hospital. */
export interface Account {
  tenant_id: string
  id?: number
  name?: string
  roles?: readonly { name: string }[]
}

/** Where and in which request something happens before anybody is signed in. */
export interface Caller {
  requestId: string
  traceparent: string | undefined
  address: string | undefined
}

/** What a handler before sign-in adds to the trail. */
export interface PublicNotes extends AuditNotes {
  /**
   * Whose trail it goes into, as far as it is known by now: every hospital whose account is meant; nobody here: the
   * platform's. One account: `work` runs in its hospital, in its name.
   */
  about: readonly Account[]
}

/** A request nobody has signed in for. */
export type PublicInput<C extends RouteContract> = Omit<Input<C>, 'context' | 'audit'> &
  Caller & {
    /** When the request came to the gateway. */
    arrivedAt: Date
    audit: PublicNotes
  }

/** A refusal that leaves what was done: the transaction commits, with the refusal on record, and then it is answered. */
export interface StandingRefusal {
  readonly stands: Problem
}

export const standingRefusal = (refusal: Problem): StandingRefusal => ({ stands: refusal })

/**
 * How an operation before sign-in is carried out. `prepare` runs before the transaction: it is the place for whatever is
 * slow, for finding out who is meant (`audit.about`), and for counters that a refusal must not undo. `work` decides and
 * writes, in one transaction of the hospital that is meant by then; the pipeline puts its success or refusal on record.
 */
export interface PublicSteps<C extends RouteContract, Prepared, Done> {
  prepare?: (input: PublicInput<C>) => Promise<Prepared>
  work: (tx: TenantTx, input: PublicInput<C> & { prepared: Prepared }) => Promise<Done | StandingRefusal>
  /** Runs when all is over, whatever came of it; before the answer leaves. */
  finish?: (input: PublicInput<C>) => void
  /** Milliseconds that every refusal takes at least, so that its time does not tell which kind of account it was about. */
  refusalsTakeMs?: number
}

/** Steps whose answer is made after the commit, of what `work` did: writing long texts, sending mails. */
export interface AfterCommit<C extends RouteContract, Done> {
  afterCommit: (input: PublicInput<C>, done: Done) => AnswerOf<C> | Promise<AnswerOf<C>>
}

// biome-ignore lint/suspicious/noExplicitAny: the erased form, as above
type AnyPublicSteps = PublicSteps<any, any, any> & Partial<AfterCommit<any, any>>

export type Route =
  | { door: 'tenant'; contract: RouteContract; steps: AnySteps<TenantTx> }
  | { door: 'global'; contract: RouteContract; steps: AnySteps<GlobalTx> }
  | { door: 'public'; contract: RouteContract; steps: AnyPublicSteps }
  | { door: 'constant'; contract: RouteContract; answer: () => unknown }

export type SignedInRoute = Extract<Route, { door: 'tenant' | 'global' }>
export type PublicRoute = Extract<Route, { door: 'public' }>

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

/** An operation before sign-in: recorder, transaction and idempotency come from the pipeline, as for all others. */
export function handlePublic<C extends RouteContract, Done, Prepared = undefined>(
  contract: C,
  steps: PublicSteps<C, Prepared, Done> & AfterCommit<C, Done>,
): Route
export function handlePublic<C extends RouteContract, Prepared = undefined>(
  contract: C,
  steps: PublicSteps<C, Prepared, AnswerOf<C>>,
): Route
export function handlePublic(contract: RouteContract, steps: AnyPublicSteps): Route {
  return { door: 'public', contract, steps }
}

/**
 * The same answer for everybody, which tells of nobody: it needs neither transaction nor record, and is there while the
 * database is not.
 */
export function handleConstant<C extends RouteContract>(contract: C, answer: () => AnswerOf<C>): Route {
  return { door: 'constant', contract, answer }
}
