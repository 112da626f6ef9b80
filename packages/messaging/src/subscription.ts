import type { CloudEvent } from '@hospital/contracts'
import type { Subscription } from 'nats'
import type { Connection } from './connection.ts'
import { parseObject } from './event-message.ts'
import { type Log, nameOfError } from './log.ts'

export interface Listening {
  close(): void
}

/**
 * Hears events as they pass, without a place in the stream: every instance hears every event, and what passes while it
 * is away is missed. For caches that would be true again by themselves.
 */
export function listen(
  connection: Connection,
  subject: string,
  hear: (event: CloudEvent) => void,
  log: Log,
): Listening {
  let subscription: Subscription | null = null
  let closed = false
  connection.onConnected(() => {
    if (subscription || closed) return
    void connection.within(0).then((nc) => {
      subscription = nc.subscribe(subject, {
        callback: (error, message) => {
          if (error) return log.error({ subject, ...nameOfError(error) }, 'the subscription has failed')
          const event = parseObject(message.data)
          const tenantId = message.subject.split('.')[1]
          if (event && event.tenantid === tenantId) hear(event as unknown as CloudEvent)
        },
      })
    })
  })
  return {
    close() {
      closed = true
      subscription?.unsubscribe()
    },
  }
}
