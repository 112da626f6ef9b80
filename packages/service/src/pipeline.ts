import { isAllowed, Problem, problem, type RequestContext } from '@hospital/contracts'
import type { Database, GlobalTx, TenantTx } from '@hospital/database'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { appendAudit } from './audit.ts'
import { watchCharts } from './care-guard.ts'
import { hiddenFields } from './field-rules.ts'
import { holdEvents, holdProblem } from './held-contracts.ts'
import { claimKey, fingerprintOf, type KeyUse, readKey, type StoredReply, storeReply } from './idempotency.ts'
import { checkIfMatch, etagOf, parseIfMatch } from './if-match.ts'
import { ensurePeople, type FetchPeople, peopleOf } from './people.ts'
import { recordRefusal, refusalEntry, successEntry } from './refusals.ts'
import type { AuditNotes, CareGuard, Input, Route, SignedInRoute } from './route.ts'

/** What the pipeline stands on. */
export interface Kernel {
  database: Database
  /** Keys the fingerprints of requests, so that a stored one does not give away a password by guessing. */
  fingerprintKey: string
  careGuard: CareGuard | undefined
  /** How the copies of people get here; a service without copies has none. */
  fetchPeople: FetchPeople
  /** Refuses what a contract does not declare; in tests. */
  holdsContracts: boolean
}

/** What the HTTP headers ask of an operation. */
interface Conditions {
  ifMatch: ReturnType<typeof parseIfMatch>
  keyUse: KeyUse | null
}

export const headerOf = (request: FastifyRequest, name: string) => {
  const value = request.headers[name]
  return typeof value === 'string' ? value : undefined
}

function readConditions(
  route: SignedInRoute,
  request: FastifyRequest,
  context: RequestContext,
  fingerprintKey: string,
): Conditions {
  const { contract } = route
  const ifMatch = contract.ifMatch === 'none' ? null : parseIfMatch(headerOf(request, 'if-match'))
  if (contract.ifMatch === 'required' && ifMatch === null) throw problem('if-match-required')
  const key = readKey(contract, headerOf(request, 'idempotency-key'))
  const keyUse =
    key === null
      ? null
      : {
          userId: context.userId,
          operation: contract.operationId,
          key,
          fingerprint: fingerprintOf(fingerprintKey, request),
        }
  return { ifMatch, keyUse }
}

/** A field that may not be read may not be overwritten unseen either; at creation there is nothing to overwrite. */
function refuseHiddenChanges(route: SignedInRoute, context: RequestContext, body: unknown): void {
  if (route.contract.method !== 'PATCH' || typeof body !== 'object' || body === null) return
  const hidden = hiddenFields(route.contract.fields, context.permissions).filter((field) => field in body)
  if (hidden.length > 0) {
    throw problem('forbidden', {
      errors: hidden.map((field) => ({
        pointer: `/${field}`,
        detail: 'may not be changed without the permission to read it',
      })),
    })
  }
}

type AnyInput = Input<SignedInRoute['contract']>

async function perform(
  route: SignedInRoute,
  { database, careGuard, fetchPeople, holdsContracts }: Kernel,
  input: AnyInput,
  conditions: Conditions,
): Promise<StoredReply & { replayed: boolean }> {
  const { contract, steps } = route
  if (route.door === 'tenant')
    await ensurePeople(database, fetchPeople, input.context, peopleOf(contract, input.context.userId, input))
  const prepared = await steps.prepare?.(input)
  const inside = async (tx: TenantTx & GlobalTx) => {
    const { keyUse } = conditions
    const stored = keyUse && (await claimKey(tx, keyUse, input.context.tenantId))
    const done = stored ? await answerAgain(tx, stored) : await workOnce(tx, prepared)
    if (holdsContracts) holdEvents(contract, tx)
    if (keyUse && !stored) await storeReply(tx, keyUse, done)
    await appendAudit(tx, input.context, successEntry(contract, input.audit, done.body, pathIdOf(input.params)))
    return { ...done, replayed: stored !== null }
  }
  /** What was answered then, as far as the person may see it now. */
  const answerAgain = async (tx: TenantTx, stored: StoredReply): Promise<StoredReply> => ({
    ...stored,
    body: await watchCharts(careGuard, tx, contract, input).leave(stored.body),
  })
  const workOnce = async (tx: TenantTx & GlobalTx, prepared: unknown): Promise<StoredReply> => {
    const current = await steps.load?.(tx, input)
    if (steps.load && (current === null || current === undefined)) throw problem('not-found')
    const chart = watchCharts(careGuard, tx, contract, input)
    await chart.enter(current)
    checkIfMatch(conditions.ifMatch, current)
    const answer = await chart.leave((await steps.work(tx, { ...input, prepared, current, chart })) ?? null)
    return { status: contract.status, etag: etagOf(answer), body: answer }
  }
  return route.door === 'tenant'
    ? database.inTenant(input.context, (tx) => inside(tx as TenantTx & GlobalTx))
    : database.inGlobal((tx) => inside(tx as TenantTx & GlobalTx))
}

const pathIdOf = (params: unknown): unknown => (params as { id?: unknown } | null | undefined)?.id

const largestId = 2_147_483_647

/** Is this person allowed the operation? A denial is recorded before it is answered. */
export async function authorise(
  route: Route,
  kernel: Kernel,
  context: RequestContext | null,
  request: FastifyRequest,
): Promise<void> {
  if (route.door === 'public' || route.door === 'constant') return
  if (context === null) throw problem('unauthenticated')
  if (isAllowed(route.contract.access, context.permissions)) return
  const denial = problem('forbidden', { extensions: { permission: route.contract.access } })
  const typed = Number(pathIdOf(request.params))
  const pathId = Number.isInteger(typed) && typed > 0 && typed <= largestId ? typed : undefined
  await recordRefusal(kernel.database, context, refusalEntry(route.contract, denial, pathId))
  throw denial
}

/** Carries out a signed-in operation and sends its answer: after the commit, with what the headers asked for. */
export async function answerSignedIn(
  route: SignedInRoute,
  kernel: Kernel,
  context: RequestContext,
  now: Date,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const { contract } = route
  const conditions = readConditions(route, request, context, kernel.fingerprintKey)
  const audit: AuditNotes = { patientIds: [] }
  const input = {
    context,
    params: request.params,
    query: request.query,
    body: request.body,
    now,
    userAgent: headerOf(request, 'user-agent'),
    audit,
  } as AnyInput
  try {
    refuseHiddenChanges(route, context, request.body)
    const done = await perform(route, kernel, input, conditions)
    if (done.etag) reply.header('etag', done.etag)
    if (done.replayed) reply.header('idempotent-replayed', 'true')
    if (contract.produces) reply.type(contract.produces)
    return reply.code(done.status).send(done.body ?? undefined)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    if (kernel.holdsContracts) holdProblem(contract, error)
    if (error.statusCode >= 500) throw error
    const entry = refusalEntry(contract, error, pathIdOf(request.params), audit)
    await recordRefusal(kernel.database, context, entry)
    throw error
  }
}
