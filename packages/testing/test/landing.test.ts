import t from 'tap'
import { compareCopies } from '../src/landing/compare-copies.ts'
import { compareRows } from '../src/landing/compare-rows.ts'
import { compareQueues, compareTraces } from '../src/landing/compare-traces.ts'
import { type Findings, noFindings } from '../src/landing/findings.ts'
import { type Entity, type Hospital, type Ledger, newLedger } from '../src/landing/ledger.ts'
import type { Person, Role } from '../src/landing/people.ts'
import { hasPassed, linesOf, tableOf } from '../src/landing/table.ts'
import type { TestSystem } from '../src/system.ts'

// The checks before a landing find what they look for: an acknowledged world against one that is not like it.

const mark = 'dafenova'
const anybody: Person = { id: 4, token: 'token' }

const prescription = (): Entity => ({
  kind: 'prescription',
  mark,
  id: 7,
  version: 2,
  fields: { dispensed_quantity: 5 },
  isBusy: false,
  isUnsure: false,
})

const acknowledged = (): Ledger => {
  const hospital: Hospital = {
    tenantId: 'demo_hospital_001',
    people: new Proxy({}, { get: () => anybody }) as Record<Role, Person>,
    doctorRoleId: 2,
    entities: [prescription()],
    writes: [{ what: 'dispense', service: 'clinical', requestIds: ['first', 'second'] }],
    refused: ['gone'],
  }
  return newLedger([hospital])
}

/** What a system holds: the rows of tables by name; the API answers the first prescription. */
interface World {
  prescriptions: object[]
  answer?: object
  audit_events: object[]
  outbox: object[]
}

const row = { id: 7, mark, version: 2, dispensed_quantity: 5 }
const asAcknowledged: World = { prescriptions: [row], audit_events: [{ id: 'second' }], outbox: [{ id: 'second' }] }

const systemOf = (world: World): TestSystem => {
  const query = async (service: string, text: string) => {
    if (text.includes('unpublished')) return [{ unpublished: 0, unhandled: 0 }]
    if (service !== 'clinical') return []
    const table = /FROM \w+\.(prescriptions|audit_events|outbox)\b/.exec(text)?.[1] as keyof World | undefined
    return table === undefined ? [] : world[table]
  }
  const body = world.answer ?? world.prescriptions[0]
  const request = async () => (body ? { status: 200, headers: new Headers(), body } : { status: 404, body: {} })
  return { query, request } as unknown as TestSystem
}

async function compare(world: World): Promise<Findings> {
  const findings = noFindings()
  const system = systemOf(world)
  const ledger = acknowledged()
  await compareRows(system, ledger, findings)
  await compareTraces(system, ledger, findings)
  await compareQueues(system, findings, 0)
  await compareCopies(system, ledger, findings, 0)
  return findings
}

/** How many sentences of each sort, those with none left out. */
const countsOf = (findings: Findings) =>
  Object.fromEntries(
    Object.entries(findings).flatMap(([sort, { length }]: [string, string[]]) => (length > 0 ? [[sort, length]] : [])),
  )

const worlds: [string, Partial<World>, Record<string, number>][] = [
  ['as acknowledged', {}, {}],
  ['a row that is gone, in the database and for the API', { prescriptions: [] }, { lost: 2 }],
  ['an older row that the API does not show', { prescriptions: [{ ...row, version: 1 }], answer: row }, { lost: 1 }],
  ['an answer that is older than the row', { answer: { ...row, dispensed_quantity: 0 } }, { lost: 1 }],
  ['a second row', { prescriptions: [row, { ...row, id: 8 }] }, { doubled: 1 }],
  ['given twice', { prescriptions: [{ ...row, dispensed_quantity: 10 }], answer: row }, { doubled: 1 }],
  ['refused and stored', { prescriptions: [row, { ...row, id: 9, mark: 'gone' }] }, { unexpected: 1 }],
  ['no row of the audit trail', { audit_events: [] }, { unaudited: 1 }],
  ['no event', { outbox: [] }, { untold: 1 }],
  ['told by both attempts', { outbox: [{ id: 'first' }, { id: 'second' }] }, { doubled: 1 }],
]

for (const [what, difference, expected] of worlds)
  t.test(what, async (t) => t.same(countsOf(await compare({ ...asAcknowledged, ...difference })), expected))

t.test('events that wait and copies that are not as their owners', async (t) => {
  const query = async (service: string, text: string) => {
    if (text.includes('unpublished')) return [{ unpublished: service === 'identity' ? 3 : 0, unhandled: 0 }]
    if (service === 'identity' && /\busers\b/.test(text)) return [{ id: 1, version: 2 }]
    return service === 'clinical' && /\bstaff\b/.test(text) ? [{ id: 1, version: 1 }] : []
  }
  const findings = noFindings()
  await compareQueues({ query } as unknown as TestSystem, findings, 0)
  await compareCopies({ query } as unknown as TestSystem, acknowledged(), findings, 0)
  t.same(findings.untold, [
    '3 events of identity are still not published',
    'the staff of demo_hospital_001 at clinical are still old for 1',
    'the doctors of demo_hospital_001 at clinical still lack 1',
    'the staff of demo_hospital_001 at scheduling still lack 1',
    'the doctors of demo_hospital_001 at scheduling still lack 1',
  ])
})

t.test('the table says how many, the lines say what', async (t) => {
  const good = { name: 'calm', seconds: 12.3, acknowledged: 200, findings: noFindings() }
  const lost = Array.from({ length: 12 }, (_, n) => `patient ${n}`)
  const bad = { name: 'kill-nats', seconds: 15, acknowledged: 180, findings: { ...noFindings(), lost } }
  t.same([good, bad].map(hasPassed), [true, false])
  t.same(tableOf([good, bad]).split('\n').slice(2), [
    '| calm | 12 | 200 | 0 | 0 | 0 | 0 | passed |',
    '| kill-nats | 15 | 180 | 12 | 0 | 0 | 0 | failed |',
  ])
  t.same(linesOf(good), [])
  t.equal(linesOf(bad).length, 11)
  t.match(linesOf(bad), ['  kill-nats: lost: patient 0'])
  t.equal(linesOf(bad).at(-1), '  kill-nats: lost: and 2 more')
})
