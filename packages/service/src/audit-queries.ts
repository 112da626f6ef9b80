import type { clinicalAudit, ReplyOf, RequestOf, ServiceName, schedulingAudit } from '@hospital/contracts'
import { Nullable, systemContext } from '@hospital/contracts'
import { sql, type TenantTx } from '@hospital/database'
import { type Static, Type } from '@sinclair/typebox'
import type { Deps, Running } from './deps.ts'

type AuditRequest = RequestOf<typeof clinicalAudit>
type AuditReply = ReplyOf<typeof clinicalAudit>

const AuditRow = Type.Object({
  id: Type.Integer(),
  at: Type.String(),
  actor_id: Nullable(Type.Integer()),
  actor_name: Nullable(Type.String()),
  roles: Type.Array(Type.String()),
  action: Type.String(),
  patient_id: Nullable(Type.Integer()),
  outcome: Type.Union([Type.Literal('success'), Type.Literal('denied'), Type.Literal('refused')]),
  problem: Nullable(Type.String()),
  request_id: Type.String(),
  address: Nullable(Type.String()),
  purpose: Nullable(Type.String()),
})

/** Row ids of different services share one order: (at, `<service>:<id padded>`). */
const auditId = (service: ServiceName, row: { id: number }): string => `${service}:${String(row.id).padStart(19, '0')}`

const condition = (request: AuditRequest) => [
  ...(request.patient_id === undefined ? [] : [sql.fragment`patient_id = ${request.patient_id}`]),
  ...(request.actor_id === undefined ? [] : [sql.fragment`actor_id = ${request.actor_id}`]),
  ...(request.action === undefined ? [] : [sql.fragment`action = ${request.action}`]),
  ...(request.from === undefined ? [] : [sql.fragment`at >= ${request.from}::timestamptz`]),
  ...(request.to === undefined ? [] : [sql.fragment`at < ${request.to}::timestamptz`]),
]

/** One service's part of the trail, newest first, at most `limit` rows after the given place. */
export async function listAudit(
  tx: TenantTx,
  service: ServiceName,
  request: AuditRequest,
): Promise<AuditReply['events']> {
  const before = request.before
  const where = [
    sql.fragment`TRUE`,
    ...condition(request),
    ...(before
      ? [
          // Times are written with milliseconds, so that the cursor says them whole. The first condition is the index's.
          sql.fragment`at <= ${before.at}::timestamptz`,
          sql.fragment`(at, ${service} || ':' || lpad(id::text, 19, '0')) < (${before.at}::timestamptz, ${before.id})`,
        ]
      : []),
  ]
  const rows = await tx.any(sql.type(AuditRow)`
    SELECT id, at, actor_id, actor_name, roles, action, patient_id, outcome, problem, request_id, address, purpose
    FROM audit_events WHERE ${sql.join(where, sql.fragment` AND `)}
    ORDER BY at DESC, id DESC LIMIT ${request.limit}`)
  return rows.map((row: Static<typeof AuditRow>) => ({ ...row, id: auditId(service, row), service }))
}

/** Answers identity, which merges the trails of all services for `GET /api/audit-events`. */
export const respondAudit = (
  service: ServiceName,
  contract: typeof clinicalAudit | typeof schedulingAudit,
  { database, messaging }: Deps,
): Running =>
  messaging.respond(contract, async (request) => ({
    events: await database.inTenant(systemContext(request.tenant_id, request.request_id), (tx) =>
      listAudit(tx, service, request),
    ),
  }))
