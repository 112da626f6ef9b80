import type { TestSystem } from '../system.ts'
import type { Findings } from './findings.ts'
import { type KindName, kinds, schemaOf } from './kinds.ts'
import type { Entity, Fields, Hospital, Ledger } from './ledger.ts'

type Row = Fields & { id: number; mark: string; version: number }

/** Compares what was acknowledged with the rows of all databases, and with what the API answers. */
export async function compareRows(system: TestSystem, ledger: Ledger, findings: Findings): Promise<void> {
  for (const hospital of ledger.hospitals) {
    for (const kind of Object.keys(kinds) as KindName[]) {
      const rows = await findRows(system, ledger, hospital, kind)
      const entities = hospital.entities.filter((it) => it.kind === kind)
      for (const entity of entities) {
        const own = rows.filter(({ mark }) => mark === entity.mark)
        if (own.length > 1) findings.doubled.push(`${nameOf(entity)} has ${own.length} rows`)
        compareFields(
          entity,
          'its row',
          own.find(({ id }) => id === entity.id),
          Object.keys(entity.fields),
          findings,
        )
      }
      for (const { mark } of rows.filter(({ mark }) => hospital.refused.includes(mark)))
        findings.unexpected.push(`${kind} ${mark} was refused and is stored`)
    }
    await compareAnswers(system, hospital, findings)
  }
}

/** The rows of this run in the hospital's tables. */
async function findRows(system: TestSystem, { run }: Ledger, { tenantId }: Hospital, kind: KindName): Promise<Row[]> {
  const { service, table, mark, columns } = kinds[kind]
  const schema = schemaOf(service, tenantId)
  const fields = Object.entries(columns(schema)).map(([name, expression]) => `${expression} AS ${name}`)
  const text = `
    SELECT id::int, ${mark} AS mark, version, ${fields.join(', ')} FROM ${schema}.${table} AS it WHERE ${mark} LIKE $1`
  return await system.query<Row>(service, text, [`${run}%`])
}

const askedAtOnce = 8

async function compareAnswers(system: TestSystem, hospital: Hospital, findings: Findings): Promise<void> {
  const waiting = [...hospital.entities]
  const asker = async () => {
    for (let entity = waiting.pop(); entity; entity = waiting.pop()) {
      const { path, answered } = kinds[entity.kind]
      const who = hospital.people[entity.kind === 'user' ? 'Admin' : 'Doctor']
      const answer = await system.request('GET', `${path}/${entity.id}`, { token: who.token })
      compareFields(entity, 'the API', answer.status === 200 ? answer.body : undefined, answered, findings)
    }
  }
  await Promise.all(Array.from({ length: askedAtOnce }, asker))
}

/** One entity as acknowledged and as `where` tells it. */
function compareFields(
  entity: Entity,
  where: string,
  told: Record<string, unknown> | undefined,
  names: readonly string[],
  findings: Findings,
): void {
  if (told === undefined) {
    findings.lost.push(`${nameOf(entity)} was acknowledged, ${where} does not have it`)
    return
  }
  if (entity.isUnsure) return
  const counted = ['version', ...(kinds[entity.kind].counted ?? [])]
  const acknowledged: Fields = { ...entity.fields, version: entity.version }
  for (const name of [...names, 'version']) {
    if (String(told[name]) === String(acknowledged[name])) continue
    const sentence = `${nameOf(entity)}: ${name} ${acknowledged[name]} was acknowledged, ${where} says ${told[name]}`
    const isMore = counted.includes(name) && Number(told[name]) > Number(acknowledged[name])
    findings[isMore ? 'doubled' : 'lost'].push(sentence)
  }
}

const nameOf = ({ kind, id, mark }: Entity) => `${kind} ${id} (${mark})`
