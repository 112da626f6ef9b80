import { setTimeout as sleep } from 'node:timers/promises'
import { Problem, platformTenant, type RequestContext } from '@hospital/contracts'
import type { Database, TenantTx } from '@hospital/database'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { appendAudit } from './audit.ts'
import { holdEvents, holdProblem } from './held-contracts.ts'
import { claimKey, findReply, fingerprintOf, type KeyUse, readKey, storeReply } from './idempotency.ts'
import { headerOf, type Kernel } from './pipeline.ts'
import { recordRefusal, refusalEntry, successEntry } from './refusals.ts'
import {
  type Account,
  type Caller,
  type PublicInput,
  type PublicRoute,
  type StandingRefusal,
  standingRefusal,
} from './route.ts'

/** The acting person of an operation before sign-in: the account it is about, or nobody, in the platform's name. */
export const contextOf = (
  { requestId, traceparent, address }: Caller,
  account: Account = { tenant_id: platformTenant },
): RequestContext => ({
  tenantId: account.tenant_id,
  userId: account.id ?? 0,
  userName: account.name ?? '',
  roles: account.roles?.map(({ name }) => name) ?? [],
  permissions: [],
  sessionId: '',
  requestId,
  ...(traceparent ? { traceparent } : {}),
  ...(address ? { address } : {}),
})

type AnyInput = PublicInput<PublicRoute['contract']>

/** The one whose hospital the work happens in; who cannot say that has to refuse before. */
function contextOfWork({ audit, ...caller }: AnyInput): RequestContext {
  if (audit.about.length > 1) throw new TypeError('Several accounts are meant: there is no hospital to work in')
  return contextOf(caller, audit.about[0])
}

/** When the gateway had the request; only it can reach us. Without its word, now. */
function arrivalOf(request: FastifyRequest, now: Date): Date {
  const atMs = Number(headerOf(request, 'x-arrived-at'))
  return Number.isSafeInteger(atMs) && atMs > 0 && atMs <= now.getTime() ? new Date(atMs) : now
}

const inputOf = (request: FastifyRequest, now: Date): AnyInput => {
  const { params, query, body } = request as unknown as Pick<AnyInput, 'params' | 'query' | 'body'>
  return {
    params,
    query,
    body,
    now,
    requestId: request.id,
    traceparent: headerOf(request, 'traceparent'),
    address: request.ip,
    userAgent: headerOf(request, 'user-agent'),
    arrivedAt: arrivalOf(request, now),
    audit: { patientIds: [], about: [] },
  }
}

/**
 * Nobody is signed in, so a key says nothing of who sends it: key, path, query and body together are the request. Another
 * request under the same key may be a stranger's, and is a request of its own.
 */
function keyUseOf({ contract }: PublicRoute, { fingerprintKey }: Kernel, request: FastifyRequest): KeyUse | null {
  const sent = readKey(contract, headerOf(request, 'idempotency-key'))
  if (sent === null) return null
  const fingerprint = fingerprintOf(fingerprintKey, request, sent)
  return { userId: 0, operation: contract.operationId, key: fingerprint, fingerprint }
}

interface Answered {
  body: unknown
  replayed: boolean
}

/** What was answered to this very request before, put on record again; null when nothing was. */
async function answerAgain(route: PublicRoute, database: Database, input: AnyInput, use: KeyUse | null) {
  if (use === null) return null
  return database.inGlobal(async (tx): Promise<Answered | null> => {
    const found = await findReply(tx, use)
    if (found === null) return null
    const { body } = found.reply
    const entry = successEntry(route.contract, input.audit, body, undefined)
    await appendAudit(tx, contextOf(input, { tenant_id: found.tenantId }), entry)
    return { body, replayed: true }
  })
}

const isStanding = (done: unknown): done is StandingRefusal =>
  typeof done === 'object' && done !== null && 'stands' in done && done.stands instanceof Problem

type Outcome = Answered | StandingRefusal

/** The transaction: the claim of the key, the work, its record. */
async function workOnce(route: PublicRoute, kernel: Kernel, input: AnyInput, use: KeyUse | null): Promise<Outcome> {
  const { contract, steps } = route
  const prepared = await steps.prepare?.(input)
  const inside = contextOfWork(input)
  const record = (tx: TenantTx, entry: Parameters<typeof appendAudit>[2]) => {
    const who = contextOfWork(input)
    if (who.tenantId !== inside.tenantId) throw new TypeError('The work happened in another hospital than it is about')
    return appendAudit(tx, who, entry)
  }
  return kernel.database.inTenant(inside, async (tx): Promise<Outcome> => {
    const stored = use && (await claimKey(tx, use, inside.tenantId))
    const done = stored ? stored.body : await steps.work(tx, { ...input, prepared })
    if (kernel.holdsContracts) holdEvents(contract, tx)
    if (isStanding(done)) {
      await record(tx, refusalEntry(contract, done.stands, undefined, input.audit))
      return done
    }
    const body: unknown = done ?? null
    if (use && !stored) await storeReply(tx, use, { status: contract.status, etag: null, body })
    await record(tx, successEntry(contract, input.audit, body, undefined))
    return { body, replayed: stored !== null }
  })
}

/** Puts a refusal into the trail of every hospital whose account was meant, or of the platform when nobody here is meant. */
async function recordRefusals(route: PublicRoute, { database }: Kernel, input: AnyInput, refusal: Problem) {
  const { about } = input.audit
  const accounts = about.length > 0 ? about : [undefined]
  const entry = refusalEntry(route.contract, refusal, undefined, input.audit)
  for (const account of accounts) await recordRefusal(database, contextOf(input, account), entry)
}

/** The answer, or the refusal, either of them on record. */
async function carryOut(route: PublicRoute, kernel: Kernel, input: AnyInput, use: KeyUse | null): Promise<Outcome> {
  try {
    return (await answerAgain(route, kernel.database, input, use)) ?? (await workOnce(route, kernel, input, use))
  } catch (error) {
    if (!(error instanceof Problem) || error.statusCode >= 500) throw error
    // Refused because its twin has just done it: what the twin was answered is the answer.
    const twin = await answerAgain(route, kernel.database, input, use)
    if (twin) return twin
    await recordRefusals(route, kernel, input, error)
    return standingRefusal(error)
  }
}

async function answer(route: PublicRoute, kernel: Kernel, input: AnyInput, use: KeyUse | null): Promise<Answered> {
  const { contract, steps } = route
  const startedAt = performance.now()
  try {
    const outcome = await carryOut(route, kernel, input, use)
    if (isStanding(outcome)) {
      if (kernel.holdsContracts) holdProblem(contract, outcome.stands)
      await sleep(Math.max(0, (steps.refusalsTakeMs ?? 0) - (performance.now() - startedAt)))
      throw outcome.stands
    }
    if (outcome.replayed || !steps.afterCommit) return outcome
    return { ...outcome, body: await steps.afterCommit(input, outcome.body) }
  } finally {
    steps.finish?.(input)
  }
}

/** Carries out an operation before sign-in and sends its answer: after the commit, on record whatever it is. */
export async function answerPublic(
  route: PublicRoute,
  kernel: Kernel,
  now: Date,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const { contract } = route
  const use = keyUseOf(route, kernel, request)
  const done = await answer(route, kernel, inputOf(request, now), use)
  if (done.replayed) reply.header('idempotent-replayed', 'true')
  if (contract.produces) reply.type(contract.produces)
  return reply.code(contract.status).send(done.body ?? undefined)
}
