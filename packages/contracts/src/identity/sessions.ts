import { Type } from '@sinclair/typebox'
import { event } from '../kernel/event.ts'
import { Id } from '../kernel/schema.ts'

/** A session, user or role changed so that cached answers about it are void. */
export const sessionsEnded = event({
  service: 'identity',
  entity: 'session',
  verb: 'ended',
  version: 1,
  data: Type.Object({ user_id: Id, session_ids: Type.Array(Type.String()) }),
})
