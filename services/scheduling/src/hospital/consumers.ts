import { systemContext, tenantCreated, tenantUpdated } from '@hospital/contracts'
import { DatabaseUnavailable, inbox } from '@hospital/database'
import type { Deps, Running } from '@hospital/service'
import { isTimeZone } from '../availability/wall-clock-rules.ts'
import { storeTenant } from './queries.ts'

const durable = 'scheduling-hospital'

/** Keeps the hospital's time zone and status as identity has them; waits for a new hospital's schema. */
export const consumeHospital = ({ database, messaging }: Deps): Running =>
  messaging.consume({
    durable,
    stream: 'IDENTITY',
    events: [tenantCreated, tenantUpdated],
    isOutage: (error) => error instanceof DatabaseUnavailable,
    handle: async (event) => {
      const context = systemContext(event.tenantid, event.requestid, event.traceparent)
      await database.inTenant(context, async (tx) => {
        if (await inbox(tx, durable, event.id)) await storeTenant(tx, event.data, isTimeZone(event.data.timezone))
      })
    },
  })
