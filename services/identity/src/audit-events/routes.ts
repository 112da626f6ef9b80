import {
  clinicalAudit,
  getPatientFacts,
  listAccessLog,
  listAuditEvents,
  problem,
  type ReplyOf,
  type RequestContext,
  type RequestOf,
  schedulingAudit,
} from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import { decodeCursor, handle, listAudit, type Route, toPage } from '@hospital/service'
import type { IdentityDeps } from '../deps.ts'
import { mergeNewestFirst } from './rules.ts'

type Question = RequestOf<typeof clinicalAudit>
type Events = ReplyOf<typeof clinicalAudit>['events']

const others = [
  { name: 'clinical', contract: clinicalAudit },
  { name: 'scheduling', contract: schedulingAudit },
] as const

/** What the other services have, and who did not answer. */
async function askOthers({ messaging, log }: IdentityDeps, question: Question, traceparent: string | undefined) {
  const trace = { requestId: question.request_id, traceparent, timeoutMs: 2_000 }
  const answers = await Promise.all(
    others.map(async ({ name, contract }) => {
      try {
        return { name, events: (await messaging.request(contract, question, trace)).events }
      } catch (error) {
        log.warn({ err: error, service: name, request_id: question.request_id }, 'an audit trail could not be read')
        return { name, events: null }
      }
    }),
  )
  return {
    parts: answers.map(({ events }): Events => events ?? []),
    missing: answers.filter(({ events }) => events === null).map(({ name }) => name),
  }
}

type Filters = Pick<Question, 'patient_id' | 'actor_id' | 'action' | 'from' | 'to'>

async function ask(
  deps: IdentityDeps,
  context: RequestContext,
  page: { limit: number; cursor?: string },
  filters: Filters,
) {
  const after = decodeCursor(page.cursor, ['instant', 'text'])
  const question: Question = {
    tenant_id: context.tenantId,
    request_id: context.requestId,
    limit: page.limit + 1,
    before: after && { at: after[0], id: after[1] },
    ...filters,
  }
  return { question, ...(await askOthers(deps, question, context.traceparent)) }
}

/** Own rows join what the others answered; the merged page. */
async function join(tx: TenantTx, limit: number, { question, parts, missing }: Awaited<ReturnType<typeof ask>>) {
  const own = await listAudit(tx, 'identity', question)
  const rows = mergeNewestFirst([own, ...parts]).slice(0, question.limit)
  const page = toPage(rows, limit, (event) => [event.at, event.id])
  return missing.length > 0 ? { ...page, missing } : page
}

/** One trail of what all services recorded: of the hospital, and of one patient. */
export const auditEventRoutes = (deps: IdentityDeps): Route[] => [
  handle(listAuditEvents, {
    prepare: ({ query: { cursor, limit, ...filters }, context }) =>
      ask(deps, context, { limit, ...(cursor ? { cursor } : {}) }, filters),
    work: (tx, { query, prepared }) => join(tx, query.limit, prepared),
  }),
  handle(listAccessLog, {
    prepare: async ({ params, query: { cursor, limit, ...filters }, context }) => {
      const { tenantId: tenant_id, requestId, traceparent } = context
      const trace = { requestId, traceparent }
      const patient = await deps.messaging.request(getPatientFacts, { tenant_id, patient_id: params.id }, trace)
      if (!patient) throw problem('not-found')
      return ask(deps, context, { limit, ...(cursor ? { cursor } : {}) }, { ...filters, patient_id: params.id })
    },
    work: (tx, { query, prepared }) => join(tx, query.limit, prepared),
  }),
]
