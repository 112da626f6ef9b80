import type { SystemAnswer, TestSystem } from '../system.ts'
import { describeAnswer, insist, type Outcome } from './insist.ts'
import { type KindName, kinds } from './kinds.ts'
import type { Entity, Fields, Hospital, Ledger } from './ledger.ts'
import type { Role } from './people.ts'

export interface Load {
  system: TestSystem
  ledger: Ledger
}

export interface Creation {
  what: string
  kind: KindName
  by: Role
  mark: string
  body: unknown
  /** After the path of the kind. */
  query?: string
  /** Holds once it is acknowledged. */
  fields: Fields
}

export interface Change {
  what: string
  by: Role
  body: unknown
  /** An action, after the entity's path; without it the entity is patched. */
  action?: string
  /** Holds once it is acknowledged. */
  fields: Fields
}

/** Makes something new and writes down what was acknowledged. */
export async function create({ system, ledger }: Load, hospital: Hospital, creation: Creation): Promise<void> {
  const { what, kind, by, mark, body, query = '', fields } = creation
  const path = kinds[kind].path + query
  const outcome = await insist(system, ledger, { method: 'POST', path, who: hospital.people[by], body })
  const { answer } = outcome
  if (answer?.status === 201) {
    acknowledge(hospital, kind, `${what} ${mark}`, outcome)
    const { id, version } = answer.body
    const entity = { kind, mark, id: Number(id), version: Number(version), fields, isBusy: false, isUnsure: false }
    hospital.entities.push(entity)
    return
  }
  if (isRefusal(answer)) hospital.refused.push(mark)
  ledger.unexpected.push(`${what} ${mark}: ${describeAnswer(answer)}`)
}

/** Changes something and writes down what was acknowledged. */
export async function change(load: Load, hospital: Hospital, entity: Entity, change: Change): Promise<void> {
  entity.isBusy = true
  try {
    await changeAlone(load, hospital, entity, change)
  } finally {
    entity.isBusy = false
  }
}

async function changeAlone({ system, ledger }: Load, hospital: Hospital, entity: Entity, change: Change) {
  const { what, by, body, action, fields } = change
  const own = `${kinds[entity.kind].path}/${entity.id}`
  const outcome = await insist(system, ledger, {
    method: action === undefined ? 'PATCH' : 'POST',
    path: action === undefined ? own : `${own}/${action}`,
    who: hospital.people[by],
    body,
    headers: { 'if-match': `"${entity.version}"` },
  })
  const { answer } = outcome
  if (answer?.status === 200) {
    acknowledge(hospital, entity.kind, `${what} ${entity.mark}`, outcome)
    entity.version = Number(answer.body.version)
    Object.assign(entity.fields, fields)
    return
  }
  // Refused: it must be as it was. Without an answer nobody knows.
  entity.isUnsure = !isRefusal(answer)
  ledger.unexpected.push(`${what} ${entity.mark}: ${describeAnswer(answer)}`)
}

function acknowledge(hospital: Hospital, kind: KindName, what: string, { requestIds }: Outcome): void {
  hospital.writes.push({ what, service: kinds[kind].service, requestIds })
}

const isRefusal = (answer: SystemAnswer | undefined) =>
  answer !== undefined && answer.status >= 400 && answer.status < 500
