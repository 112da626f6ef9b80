import { chartAreaOf, chartAreas, type Permission, problem, type RouteContract } from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import { patientsOf } from './audit.ts'
import { hiddenFields, without } from './field-rules.ts'
import type { CareGuard, ChartDoor, ChartOpening, Input } from './route.ts'

/** The hospital's rule on charts, held for one operation. */
interface ChartWatch extends ChartDoor {
  /** After `load`, before anything is decided: may this person touch the charts that the request names? */
  enter(current: unknown): Promise<void>
  /** The answer as this person may see it: rows and fields of closed charts are not in it. */
  leave(answer: unknown): Promise<unknown>
}

type Item = Readonly<Record<string, unknown>>
const isItem = (value: unknown): value is Item => typeof value === 'object' && value !== null
const pageOf = (answer: unknown): { data: Item[] } | null =>
  isItem(answer) && Array.isArray(answer['data']) ? (answer as { data: Item[] }) : null
const isId = (value: unknown): value is number => typeof value === 'number'

/** Who wrote a row reads it always; what was imported nobody here has written. */
const isAuthor = (row: unknown, userId: number): boolean =>
  isItem(row) && (row['source'] ?? null) === null && (row['created_by'] === userId || row['entered_by'] === userId)

/** The patients whose charts a request names: in its path, query or body, or by the row that it is about. */
function namedPatients(contract: RouteContract, input: Input<RouteContract>, current: unknown): number[] {
  const inPath = contract.path.startsWith('/api/patients/:id') ? (input.params as { id?: unknown }).id : undefined
  const [query, body, row] = [input.query, input.body, current].map((part: unknown) => (isItem(part) ? part : {}))
  return [inPath, query?.['patient_id'], body?.['patient_id'], row?.['patient_id']].filter(isId)
}

const everything: ChartOpening = { areas: new Set(chartAreas), brokenGlass: false }

/** @throws problem `care-relation-required` */
export function watchCharts(
  guard: CareGuard | undefined,
  tx: TenantTx,
  contract: RouteContract,
  input: Input<RouteContract>,
): ChartWatch {
  const { context, audit } = input
  const area = chartAreaOf(contract.access)
  const known = new Map<number, ChartOpening>()

  const learn = async (patientIds: readonly number[]): Promise<void> => {
    const unknown = [...new Set(patientIds)].filter((id) => !known.has(id))
    if (!guard || unknown.length === 0) return
    const openings = await guard(tx, context, unknown)
    for (const [id, opening] of openings) known.set(id, opening)
    const broken = unknown.filter((id) => openings.get(id)?.brokenGlass)
    if (broken.length > 0) audit.details = { ...audit.details, break_glass: broken }
  }
  const holdsNone = !context.permissions.some((permission) => chartAreaOf(permission) !== null)
  const openingOf = (patientId: number): ChartOpening => known.get(patientId) ?? everything
  const isOpen = (patientId: number): boolean => {
    const { areas } = openingOf(patientId)
    // What is of several areas shows those that are open; to whom charts are closed altogether it shows nothing of them.
    return area === null ? areas.size > 0 || holdsNone : areas.has(area)
  }
  const mayTouch = (row: unknown, patientId: number): boolean =>
    isOpen(patientId) || (contract.chart === 'row' && isAuthor(row, context.userId))
  const refuse = (patientIds: readonly number[]): void => {
    if (patientIds.length === 0) return
    audit.patientIds.push(...patientIds)
    throw problem('care-relation-required')
  }

  /** What of the person's permissions holds for this patient's chart. */
  const heldFor = (patientId: number): Permission[] => {
    const { areas } = openingOf(patientId)
    return context.permissions.filter((permission) => {
      const about = chartAreaOf(permission)
      return about === null || areas.has(about)
    })
  }
  const fieldsOfCharts = contract.fields !== undefined && contract.patient === 'answer.id'
  const shown = (item: Item): Item => {
    const held = fieldsOfCharts && isId(item['id']) ? heldFor(item['id']) : context.permissions
    return without(item, hiddenFields(contract.fields, held))
  }

  const enter = async (current: unknown): Promise<void> => {
    if (contract.chart !== 'none') {
      const named = namedPatients(contract, input, current)
      await learn(named)
      const row = isItem(current) ? current : {}
      refuse(named.filter((id) => !mayTouch(row['patient_id'] === id ? row : null, id)))
    } else if (fieldsOfCharts && contract.method === 'PATCH' && isItem(current) && isId(current['id'])) {
      const patientId = current['id']
      await learn([patientId])
      const closed = hiddenFields(contract.fields, heldFor(patientId))
      if (closed.some((field) => isItem(input.body) && field in input.body)) refuse([patientId])
    }
  }

  const leave = async (answer: unknown): Promise<unknown> => {
    const page = pageOf(answer)
    // Whoever registers a patient sees what they wrote.
    const isOwnWork = contract.status === 201 && contract.patient === 'answer.id'
    const pathId = (input.params as { id?: unknown } | undefined)?.id
    if ((contract.chart !== 'none' || fieldsOfCharts) && !isOwnWork) await learn(patientsOf(contract, answer, pathId))
    if (page) {
      // Lists ask in their SQL, so that pages are full; what passed it all the same goes no further.
      const open = (item: Item) =>
        contract.chart === 'none' || !isId(item['patient_id']) || mayTouch(item, item['patient_id'])
      return { ...page, data: page.data.filter(open).map(shown) }
    }
    if (contract.chart !== 'none') refuse(patientsOf(contract, answer, pathId).filter((id) => !mayTouch(answer, id)))
    return isItem(answer) ? shown(answer) : answer
  }

  return { enter, leave, areasOf: (patientId) => openingOf(patientId).areas }
}
