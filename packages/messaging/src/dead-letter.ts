import { headers, type JetStreamClient, type JsMsg } from 'nats'
import { parseObject } from './event-message.ts'

export interface DeadLetter {
  /** The service that could not handle the event. */
  service: string
  durable: string
  reason: string
  tries: number
}

/**
 * Stores an event that cannot be handled under `dead.<service>.<original subject>`, with why and after how many tries.
 * Its message id follows from consumer and position, so that a dead letter repeated after a crash is stored once.
 */
export async function storeDeadLetter(js: JetStreamClient, message: JsMsg, dead: DeadLetter): Promise<void> {
  const { stream, streamSequence } = message.info
  const event = parseObject(message.data)
  const body = {
    reason: dead.reason,
    tries: dead.tries,
    service: dead.service,
    consumer: dead.durable,
    subject: message.subject,
    stream,
    sequence: streamSequence,
    failed_at: new Date().toISOString(),
    ...(event ? { event } : { raw: Buffer.from(message.data).toString('base64') }),
  }
  const described = headers()
  described.set('Dead-Reason', oneLine(dead.reason))
  described.set('Dead-Tries', String(dead.tries))
  described.set('Dead-Consumer', dead.durable)
  await js.publish(`dead.${dead.service}.${message.subject}`, JSON.stringify(body), {
    msgID: `${dead.durable}:${stream}:${streamSequence}`,
    headers: described,
    timeout: 5_000,
  })
}

const oneLine = (text: string): string => text.replaceAll(/[^\x20-\x7e]+/g, ' ').slice(0, 300)
