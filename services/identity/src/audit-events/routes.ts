import { clinicalAudit, listAuditEvents, type ReplyOf, type RequestOf, schedulingAudit } from '@hospital/contracts'
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

/** One trail of what all services recorded. */
export const auditEventRoutes = (deps: IdentityDeps): Route[] => [
  handle(listAuditEvents, {
    prepare: async ({ query: { cursor, limit, ...filters }, context }) => {
      const after = decodeCursor(cursor, ['string', 'string'])
      const question: Question = {
        tenant_id: context.tenantId,
        request_id: context.requestId,
        limit: limit + 1,
        before: after && { at: after[0], id: after[1] },
        ...filters,
      }
      return { question, ...(await askOthers(deps, question, context.traceparent)) }
    },
    work: async (tx, { query, prepared: { question, parts, missing } }) => {
      const own = await listAudit(tx, 'identity', question)
      const rows = mergeNewestFirst([own, ...parts]).slice(0, question.limit)
      const page = toPage(rows, query.limit, (event) => [event.at, event.id])
      return missing.length > 0 ? { ...page, missing } : page
    },
  }),
]
