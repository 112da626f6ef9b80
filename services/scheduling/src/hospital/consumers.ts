import { tenantCreated, tenantUpdated } from '@hospital/contracts'
import { type Consuming, consumeOnce, type Deps } from '@hospital/service'
import { isTimeZone } from '../availability/wall-clock-rules.ts'
import { storeTenant } from './queries.ts'

/** Keeps the hospital's time zone and status as identity has them; waits for a new hospital's schema. */
export const consumeHospital = (deps: Deps): Consuming =>
  consumeOnce(deps, {
    durable: 'scheduling-hospital',
    stream: 'IDENTITY',
    events: [tenantCreated, tenantUpdated],
    write: (tx, { data }) => storeTenant(tx, data, isTimeZone(data.timezone)),
  })
