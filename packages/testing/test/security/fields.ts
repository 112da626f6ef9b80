import { allRoutes, eventType, isAllowed, mayKnowEvent, patientCreated, type RouteContract } from '@hospital/contracts'
import type { Test } from 'tap'
import { barePermissions, type FieldRule, fieldRules, isOfArea, mayKnow, rulesIn } from '../../src/field-rules.ts'
import type { TestSystem } from '../../src/index.ts'
import type { Row } from '../../src/round-trip.ts'
import { type Asked, type Door, graphqlDoor, restDoor } from './asking.ts'
import { type Aviary, aviary } from './aviary.ts'
import { readSchema } from './documents.ts'
import { type Rows, rowsFor } from './field-rows.ts'
import { each, everybody, hire, hospitals, type Person, within } from './people.ts'
import { follow } from './relations.ts'

// Every field that contracts close × every role × every door. A field, a role or an operation that is new is tried by itself.

interface Trial {
  t: Test
  rules: readonly FieldRule[]
  birds: Aviary
  rows: Rows
  doors: readonly Door[]
  /** Rules whose value somebody was shown. */
  shown: Set<string>
}

export async function proveFields(t: Test, system: TestSystem): Promise<void> {
  const rules = fieldRules(allRoutes)
  const names = rules.map(({ field }) => field)
  for (const field of ['medical_history', 'allergies', 'current_medications', 'patient_name'])
    t.ok(names.includes(field), `the rule of ${field} is seen`)

  const birds = aviary()
  const builtIn = await everybody(system, hospitals.matrix)
  const tokenOf = (role: string) => builtIn.find(({ name }) => name === role)?.token ?? ''
  const sets = barePermissions(allRoutes, rules)
  const bare: Person[] = []
  await each(sets, async (set) => void bare.push(await hire(system, tokenOf('Admin'), set)))
  const people = [...builtIn, ...bare]
  const streams = await Promise.all(
    people.flatMap(({ name, token, permissions }) =>
      token ? [follow(system, token).then((stream) => ({ name, permissions, stream }))] : [],
    ),
  )
  const rows = await rowsFor({ t, system, birds, tokenOf }, rules)
  const schema = await readSchema(system, tokenOf('Admin'))
  const trial = { rules, birds, rows, doors: [restDoor(system), graphqlDoor(system, schema)], shown: new Set<string>() }

  await t.test('what is read', (t) => proveReads({ ...trial, t }, builtIn, bare))
  await t.test('what is looked for', (t) => proveSearches({ ...trial, t }, people))
  await t.test('what is answered to those who change something', (t) => proveAnswers({ ...trial, t }, people))
  await t.test('what is changed', (t) => proveChanges({ ...trial, t }, people))
  await t.test('what the streams of events tell', async (t) => {
    const last = `"subject":"${await rows.register()}"`
    const told = streams.filter(({ permissions }) => mayKnowEvent(eventType(patientCreated), permissions ?? []))
    t.ok(told.length > 5, `${told.length} follow what happens to patients`)
    t.not(
      await within(5_000, async () => told.every(({ stream }) => stream.heard.includes(last))),
      null,
      'they hear it',
    )
    for (const { name, permissions, stream } of streams) {
      stream.close()
      const closed = rules.filter((rule) => !mayKnow(rule, permissions)).map(({ field }) => field)
      t.same(
        birds.foundIn(stream.heard).filter((field) => closed.includes(field)),
        [],
        name,
      )
    }
  })
  t.same([...trial.shown].sort(), names.sort(), 'each value was shown to somebody: it is planted in field-rows.ts')
}

/** Nobody sees what is closed to them; where a contract answers it, whoever may sees it. */
function judge(trial: Trial, door: Door, person: Person, contract: RouteContract, { text, done, code }: Asked): void {
  const { t, rules, birds, shown } = trial
  const what = `${person.name}, ${contract.operationId} by ${door.name}`
  const found = birds.foundIn(text)
  for (const rule of rules.filter((rule) => !mayKnow(rule, person.permissions) && !isOfArea(rule, contract)))
    if (found.includes(rule.field)) t.fail(`${what} shows ${rule.field}: ${text.slice(0, 600)}`)
  const answered = rulesIn(contract.answer, rules)
  if (answered.length === 0 || !isAllowed(contract.access, person.permissions)) return
  t.ok(done, `${what} is carried out: ${code} ${done ? '' : text.slice(0, 600)}`)
  for (const rule of answered.filter((rule) => mayKnow(rule, person.permissions))) {
    t.ok(found.includes(rule.field), `${what} shows ${rule.field}`)
    shown.add(rule.field)
  }
}

interface Try {
  person: Person
  contract: RouteContract
  door: Door
}

const triesOf = (people: readonly Person[], contracts: readonly RouteContract[], doors: readonly Door[]): Try[] =>
  people.flatMap((person) =>
    contracts.flatMap((contract) =>
      doors.filter((door) => door.offers(contract)).map((door) => ({ person, contract, door })),
    ),
  )

const mayUse = ({ person, contract }: Try) => isAllowed(contract.access, person.permissions)
const isRead = ({ method }: RouteContract) => method === 'GET'

/** Every read of the product: charts, lists, timelines, histories, the audit trail. */
async function proveReads(trial: Trial, builtIn: readonly Person[], bare: readonly Person[]): Promise<void> {
  const reads = allRoutes.filter(isRead)
  const tries = [...triesOf(builtIn, reads, trial.doors), ...triesOf(bare, reads, trial.doors).filter(mayUse)]
  await each(tries, async ({ person, contract, door }) => {
    judge(trial, door, person, contract, await door.ask(person, contract, await trial.rows.given(contract)))
  })
}

/** Words that are typed into a search: whoever may not see a value does not learn where it stands either. */
async function proveSearches(trial: Trial, people: readonly Person[]): Promise<void> {
  const { t, rules, birds, doors, rows } = trial
  const isWord = (schema: Row) =>
    schema['type'] === 'string' && !['enum', 'format', 'pattern'].some((limit) => limit in schema)
  const isList = (contract: RouteContract) => isRead(contract) && 'data' in (contract.answer?.['properties'] ?? {})
  await each(triesOf(people, allRoutes.filter(isList), doors).filter(mayUse), async ({ person, contract, door }) => {
    const { path = {} } = await rows.given(contract)
    const words = Object.entries((contract.query?.properties ?? {}) as Record<string, Row>)
      .filter(([name, schema]) => isWord(schema) && name !== 'cursor')
      .map(([name]) => name)
    const closed = rules.filter((rule) => !mayKnow(rule, person.permissions) && !isOfArea(rule, contract))
    for (const { field } of words.length > 0 ? closed : []) {
      const [word] = birds.wordsOf(field)
      for (const name of words) {
        const what = `${person.name}, ${contract.operationId} by ${door.name}: ${name} finds no ${field}`
        const { done, code, answer } = await door.ask(person, contract, { path, query: { [name]: word } })
        t.ok(done, `${what}: ${code}`)
        t.same(answer['data'], [], what)
      }
    }
  })
}

/** What an operation answers to those whom it is open to; each works on a row of its own. */
async function proveAnswers(trial: Trial, people: readonly Person[]): Promise<void> {
  const changes = allRoutes.filter((contract) => !isRead(contract) && rulesIn(contract.answer, trial.rules).length > 0)
  const tries = triesOf(people, changes, trial.doors).filter(mayUse)
  await each(tries, async ({ person, contract, door }) => {
    judge(trial, door, person, contract, await door.ask(person, contract, await trial.rows.given(contract)))
  })
  trial.t.ok(tries.length > 50, `${tries.length} changes were made`)
}

/** What is closed is not written over either, not even with nothing; at creation there is nothing to write over. */
async function proveChanges(trial: Trial, people: readonly Person[]): Promise<void> {
  const { t, rules, birds, rows, doors } = trial
  const patches = allRoutes.filter(({ method, body }) => method === 'PATCH' && rulesIn(body, rules).length > 0)
  const admin = people.find(({ name }) => name === 'Admin')
  const [rest] = doors
  if (!admin || !rest) throw new Error('nobody looks afterwards')
  await each(triesOf(people, patches, doors).filter(mayUse), async ({ person, contract, door }) => {
    const { path = {} } = await rows.given(contract)
    const reader = allRoutes.find(({ method, path }) => method === 'GET' && path === contract.path)
    if (!reader) throw new Error(`${contract.operationId} changes what nobody reads`)
    const stored = async (field: string) => (await rest.ask(admin, reader, { path })).answer[field]
    for (const rule of rulesIn(contract.body, rules)) {
      for (const value of [birds.word(rule.field), null]) {
        const what = `${person.name}, ${contract.operationId} by ${door.name}: ${rule.field} to ${value && 'a word'}`
        const before = await stored(rule.field)
        const asked = await door.ask(person, contract, { path, body: { [rule.field]: value } })
        if (mayKnow(rule, person.permissions)) {
          t.ok(asked.done, `${what} is written: ${asked.code}`)
          t.equal(await stored(rule.field), value, what)
        } else {
          t.equal(asked.code, 'forbidden', `${what} is refused`)
          t.equal(await stored(rule.field), before, `${what}, which stays`)
        }
      }
    }
  })
}
