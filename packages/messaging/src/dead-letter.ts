import type { CloudEvent } from '@hospital/contracts'
import { headers, type JetStreamClient, type JsMsg } from 'nats'
import { parseObject } from './event-message.ts'

export interface DeadLetter {
  /** The service that could not handle the event. */
  service: string
  durable: string
  reason: string
  tries: number
}

/** What is buried: the subject it came under, what is written of it, and an id that is the same when it is buried again. */
interface Remains {
  subject: string
  id: string
  body: object
}

/** A message as it came, whatever is in it. */
export function remainsOfMessage(message: JsMsg): Remains {
  const { stream, streamSequence } = message.info
  const event = parseObject(message.data)
  const content = event ? { event } : { raw: Buffer.from(message.data).toString('base64') }
  return {
    subject: message.subject,
    id: `${stream}:${streamSequence}`,
    body: { stream, sequence: streamSequence, ...content },
  }
}

/** An event that had been taken out of its stream before. */
export function remainsOfEvent(event: CloudEvent): Remains {
  const [, service, ...happened] = event.type.split('.')
  return { subject: [service, event.tenantid, ...happened].join('.'), id: event.id, body: { event } }
}

/**
 * Stores an event that cannot be handled under `dead.<service>.<original subject>`, with why and after how many tries.
 * A dead letter repeated after a crash is stored once.
 */
export async function storeDeadLetter(js: JetStreamClient, remains: Remains, dead: DeadLetter): Promise<void> {
  const body = {
    reason: dead.reason,
    tries: dead.tries,
    service: dead.service,
    consumer: dead.durable,
    subject: remains.subject,
    failed_at: new Date().toISOString(),
    ...remains.body,
  }
  const described = headers()
  described.set('Dead-Reason', oneLine(dead.reason))
  described.set('Dead-Tries', String(dead.tries))
  described.set('Dead-Consumer', dead.durable)
  await js.publish(`dead.${dead.service}.${remains.subject}`, JSON.stringify(body), {
    msgID: `${dead.durable}:${remains.id}`,
    headers: described,
    timeout: 5_000,
  })
}

const oneLine = (text: string): string => text.replaceAll(/[^\x20-\x7e]+/g, ' ').slice(0, 300)
