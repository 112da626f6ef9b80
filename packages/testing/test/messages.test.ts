import t from 'tap'
import { brokenPromises, type MessageHistory, messagesOfToday, withToday } from '../src/message-forms.ts'
import type { MessageSchema } from '../src/message-samples.ts'
import { writtenMessages } from '../src/messages-document.ts'

// Events stay in their stream for 30 days, and services are deployed one after another: a message is read by programs
// that are older or newer than the one that wrote it.

t.test('every message that was ever sent is still understood', async (t) => {
  t.same(
    brokenPromises(writtenMessages(), messagesOfToday()),
    [],
    'an event that must change gets a new version, a question a new subject; the old one goes when nobody sends it',
  )
})

const person: MessageSchema = {
  type: 'object',
  required: ['id', 'name', 'status', 'merged_into', 'tags', 'place'],
  properties: {
    id: { type: 'integer', minimum: 1, maximum: 2_147_483_647 },
    name: { type: 'string' },
    status: { type: 'string', enum: ['active', 'inactive'] },
    merged_into: { type: ['integer', 'null'], minimum: 1 },
    nickname: { type: 'string', maxLength: 50 },
    since: { type: 'string', format: 'date-time' },
    tags: { type: 'array', items: { type: 'string', enum: ['a', 'b'] } },
    place: { type: 'object', required: ['ward'], properties: { ward: { type: 'string' }, bed: { type: 'integer' } } },
  },
}

/** The person's schema with some fields of its own, or one property, replaced. */
const changed = (schema: Partial<MessageSchema>, properties: Record<string, MessageSchema> = {}): MessageSchema => ({
  ...person,
  ...schema,
  properties: { ...person.properties, ...properties },
})

const { nickname: _, ...withoutNickname } = person.properties ?? {}
const allRequired = person.required ?? []

/** What a reader of older messages must not ask for. */
const narrower: Record<string, MessageSchema> = {
  'a required addition': changed({ required: [...allRequired, 'email'] }, { email: { type: 'string' } }),
  'an optional field made required': changed({ required: [...allRequired, 'nickname'] }),
  'another type': changed({}, { id: { type: 'string' } }),
  'a number that has to be whole': changed({}, { name: { type: 'integer' } }),
  'a field that is null no more': changed({}, { merged_into: { type: 'integer', minimum: 1 } }),
  'a removed word': changed({}, { status: { type: 'string', enum: ['active'] } }),
  'words where any text was': changed({}, { name: { type: 'string', enum: ['Ann'] } }),
  'a smaller range': changed({}, { id: { type: 'integer', minimum: 1, maximum: 1_000_000 } }),
  'a shorter text': changed({}, { nickname: { type: 'string', maxLength: 49 } }),
  'a text that was unlimited': changed({}, { name: { type: 'string', maxLength: 20_000 } }),
  'a text with something in it': changed({}, { name: { type: 'string', minLength: 1 } }),
  'a form of text': changed({}, { name: { type: 'string', format: 'email' } }),
  'a day instead of an instant': changed({}, { since: { type: 'string', format: 'date' } }),
  'no more fields than it names': changed({ additionalProperties: false }),
  'a field that it does not name any more': { ...person, properties: withoutNickname, additionalProperties: false },
  'a removed word inside a list': changed({}, { tags: { type: 'array', items: { type: 'string', enum: ['a'] } } }),
  'a shorter list': changed({}, { tags: { type: 'array', maxItems: 100, items: { type: 'string' } } }),
  'a list with something in it': changed({}, { tags: { type: 'array', minItems: 1, items: { type: 'string' } } }),
  'a required addition further in': changed(
    {},
    {
      place: { type: 'object', required: ['ward', 'bed'], properties: person.properties?.['place']?.properties ?? {} },
    },
  ),
}

/** What readers of older messages may come to ask for. */
const wider: Record<string, MessageSchema> = {
  'the same': person,
  'an optional addition': changed({}, { email: { type: 'string' } }),
  'a required field made optional': changed({ required: ['id'] }),
  'a further word': changed({}, { status: { type: 'string', enum: ['active', 'inactive', 'deceased'] } }),
  'null besides': changed({}, { name: { type: ['string', 'null'] } }),
  'a longer text': changed({}, { nickname: { type: 'string', maxLength: 51 } }),
  'a field that nobody needs any more': { ...person, properties: withoutNickname },
}

const events = (...forms: MessageSchema[]): MessageHistory => ({
  events: { 'hospital.x.person.moved.v1': forms },
  requests: {},
})
const exchange = (request: MessageSchema, reply: MessageSchema): MessageHistory => ({
  events: {},
  requests: { 'rpc.x.get': { request: [request], reply: [reply] } },
})

t.test('an event that its readers would refuse is found', async (t) => {
  for (const [what, schema] of Object.entries(narrower))
    t.equal(brokenPromises(events(person), events(schema)).length, 1, what)
  for (const [what, schema] of Object.entries(wider)) t.same(brokenPromises(events(person), events(schema)), [], what)
})

t.test('every old form counts, not only the last one', async (t) => {
  const optional = changed({}, { email: { type: 'string' } })
  const required = changed({ required: [...allRequired, 'email'] }, { email: { type: 'string' } })
  const alwaysSent = withToday(withToday(events(person), events(optional)), events(optional))
  t.equal(alwaysSent.events['hospital.x.person.moved.v1']?.length, 2)
  t.match(brokenPromises(alwaysSent, events(required)), [/must have required property 'email'/])
})

t.test('a type or a subject that is gone is missed', async (t) => {
  const nothing: MessageHistory = { events: {}, requests: {} }
  t.match(brokenPromises(events(person), nothing), [/hospital\.x\.person\.moved\.v1: the stream still holds/])
  t.match(brokenPromises(exchange(person, person), nothing), [/rpc\.x\.get: an older service still asks/])
  t.same(withToday(events(person), nothing), events(person), 'and its form is not dropped')
})

t.test('questions and answers are read by older and newer services alike', async (t) => {
  const broken = (before: MessageHistory, now: MessageHistory) => brokenPromises(before, now).join()
  const same = exchange(person, person)
  for (const [what, schema] of Object.entries(narrower)) {
    t.match(broken(same, exchange(schema, person)), /an older question is refused/, what)
    t.match(broken(same, exchange(person, schema)), /an older answer is refused/, what)
    // The other way round: what is wider now is too much for those who are older.
    t.match(broken(exchange(schema, person), same), /an older service refuses the question/, what)
    t.match(broken(exchange(person, schema), same), /an older service refuses the answer/, what)
  }
  const optional = changed({}, { email: { type: 'string' } })
  t.same(brokenPromises(exchange(person, person), exchange(optional, optional)), [], 'an optional addition is fine')
})
