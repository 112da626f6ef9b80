import { isDeepStrictEqual } from 'node:util'
import { allEvents, allRequests, eventType } from '@hospital/contracts'
import { Ajv, type ValidateFunction } from 'ajv'
import ajvFormats from 'ajv-formats'
import { type MessageSchema, samplesOf } from './message-samples.ts'

/** Every form in which the messages of one kind were ever sent, oldest first. */
type Forms = readonly MessageSchema[]

/** docs/messages.json: by event type the data, by subject the question and the answer. */
export interface MessageHistory {
  events: Readonly<Record<string, Forms>>
  requests: Readonly<Record<string, { request: Forms; reply: Forms }>>
}

const plain = (schema: object): MessageSchema => JSON.parse(JSON.stringify(schema))

/** The messages as today's contracts say them: one form each. */
export const messagesOfToday = (): MessageHistory => ({
  events: Object.fromEntries(allEvents.map((event) => [eventType(event), [plain(event.data)]])),
  requests: Object.fromEntries(
    allRequests.map(({ subject, request, reply }) => [subject, { request: [plain(request)], reply: [plain(reply)] }]),
  ),
})

const sorted = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))

const added = (old: Forms = [], today: Forms): Forms => {
  const [form] = today
  // Where an old form has come back it is the newest again, and still written once.
  return form === undefined ? old : [...old.filter((known) => !isDeepStrictEqual(known, form)), form]
}

/** The history with what today's messages add; nothing that it holds is ever dropped. */
export const withToday = (history: MessageHistory, today: MessageHistory): MessageHistory => ({
  events: sorted({
    ...history.events,
    ...Object.fromEntries(
      Object.entries(today.events).map(([type, forms]) => [type, added(history.events[type], forms)]),
    ),
  }),
  requests: sorted({
    ...history.requests,
    ...Object.fromEntries(
      Object.entries(today.requests).map(([subject, { request, reply }]) => {
        const old = history.requests[subject]
        return [subject, { request: added(old?.request, request), reply: added(old?.reply, reply) }]
      }),
    ),
  }),
})

const ajv = new Ajv({ strict: false, allowUnionTypes: true })
ajvFormats.default(ajv)
const compiled = new WeakMap<MessageSchema, ValidateFunction>()

function validatorOf(schema: MessageSchema): ValidateFunction {
  const known = compiled.get(schema)
  if (known) return known
  const made = ajv.compile(schema)
  compiled.set(schema, made)
  return made
}

/** Why a reader who expects `read` refuses something that a writer of `written` may send; null when it reads all. */
export function unreadable(written: MessageSchema, read: MessageSchema): string | null {
  const writes = validatorOf(written)
  const reads = validatorOf(read)
  for (const sample of samplesOf(written)) {
    if (!writes(sample)) throw new Error(`The sample ${JSON.stringify(sample)} does not fit its own schema`)
    if (reads(sample)) continue
    const { instancePath, message, params } = reads.errors?.[0] ?? {}
    return `${instancePath || '/'} ${message} ${JSON.stringify(params)}`
  }
  return null
}

const newestOf = (forms: Forms): MessageSchema => forms.at(-1) ?? {}

/** Everything about today's messages that somebody who runs another version, or reads the stream, would refuse. */
export function brokenPromises(history: MessageHistory, today: MessageHistory): string[] {
  const refusals = (name: string, forms: Forms, check: (form: MessageSchema) => string | null) =>
    forms.flatMap((form) => {
      const why = check(form)
      return why === null ? [] : [`${name}: ${why}`]
    })
  const events = Object.entries(history.events).flatMap(([type, forms]) => {
    const now = today.events[type]
    if (!now) return [`${type}: the stream still holds such events, and no contract knows them`]
    return refusals(`${type}: an old event cannot be read`, forms, (old) => unreadable(old, newestOf(now)))
  })
  const requests = Object.entries(history.requests).flatMap(([subject, { request, reply }]) => {
    const now = today.requests[subject]
    if (!now) return [`${subject}: an older service still asks this, and nobody answers`]
    const [question, answer] = [newestOf(now.request), newestOf(now.reply)]
    return [
      ...refusals(`${subject}: an older question is refused`, request, (old) => unreadable(old, question)),
      ...refusals(`${subject}: an older service refuses the question`, request, (old) => unreadable(question, old)),
      ...refusals(`${subject}: an older answer is refused`, reply, (old) => unreadable(old, answer)),
      ...refusals(`${subject}: an older service refuses the answer`, reply, (old) => unreadable(answer, old)),
    ]
  })
  return [...events, ...requests]
}
