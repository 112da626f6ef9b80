import { Type } from '@sinclair/typebox'
import { route } from '../kernel/route.ts'
import { Closed, Id, MergePatch } from '../kernel/schema.ts'
import { sessionsEnded } from './sessions.ts'

/** How this hospital guards its accounts. */
export const SecuritySettings = Type.Object({
  /** Who has one of these roles can do nothing before a second factor is set up. */
  mfa_required_role_ids: Type.Array(Id),
  version: Type.Integer(),
})

export const getSecuritySettings = route({
  service: 'identity',
  operationId: 'getSecuritySettings',
  method: 'GET',
  path: '/api/hospital/security',
  summary: 'How this hospital guards its accounts',
  access: 'hospital.manage',
  status: 200,
  answer: SecuritySettings,
})

export const changeSecuritySettings = route({
  service: 'identity',
  operationId: 'changeSecuritySettings',
  method: 'PATCH',
  path: '/api/hospital/security',
  summary: 'Change how this hospital guards its accounts, e.g. which roles need a second factor',
  access: 'hospital.manage',
  body: MergePatch(Closed({ mfa_required_role_ids: Type.Array(Id, { uniqueItems: true, maxItems: 100 }) })),
  status: 200,
  answer: SecuritySettings,
  problems: ['unknown-reference'],
  events: [sessionsEnded],
})
