import {
  archivePatient,
  changePatient,
  getPatient,
  listPatientMerges,
  listPatients,
  mergePatients,
  patientCreated,
  problem,
  registerPatient,
  unmergePatients,
} from '@hospital/contracts'
import { announce, type TenantTx } from '@hospital/database'
import { decodeCursor, handle, type Route, toPage } from '@hospital/service'
import { findDuplicates, queueRegistration } from './duplicate-queries.ts'
import { listMerges, lockPair, mergePair, unmergePair } from './merge-work.ts'
import * as queries from './queries.ts'
import { checkDates, decideChange, refuseMerged } from './rules.ts'
import { searchPatients } from './search-queries.ts'

async function found(tx: TenantTx, id: number): Promise<queries.Patient> {
  const patient = await queries.findPatient(tx, id)
  if (patient === null) throw problem('not-found')
  return patient
}

/** Registering, finding, changing, archiving, merging patients. */
export const patientRoutes = (): Route[] => [
  handle(listPatients, async (tx, { query: { q, status, sex, ids, limit, cursor } }) => {
    if (q === undefined) {
      const after = decodeCursor(cursor, ['text', 'text', 'number'])
      const rows = await queries.listPatients(tx, { status, sex, ids, limit, after })
      return toPage(rows, limit, (row) => [row.last_name, row.first_name, row.id])
    }
    const after = decodeCursor(cursor, ['number', 'text', 'text', 'number'])
    const page = toPage(await searchPatients(tx, { q, status, sex, ids, limit, after }), limit, (row) => [
      row.rank,
      row.last_name,
      row.first_name,
      row.id,
    ])
    return { ...page, data: page.data.map(({ rank, ...patient }) => patient) }
  }),

  handle(getPatient, (tx, { params }) => found(tx, params.id)),

  handle(registerPatient, async (tx, { query, body, now, audit }) => {
    checkDates({ ...body, status: 'active', deceased_date: null }, now)
    if (query.allow_duplicate !== true) {
      await queueRegistration(tx, body.date_of_birth)
      const candidates = await findDuplicates(tx, body)
      audit.patientIds.push(...candidates.map((candidate) => candidate.id))
      if (candidates.length > 0) throw problem('possible-duplicate', { extensions: { candidates } })
    }
    return announce(tx, patientCreated, await queries.insertPatient(tx, body))
  }),

  handle(changePatient, {
    load: (tx, { params }) => queries.lockPatient(tx, params.id),
    work: (tx, { current, body, now }) => queries.updatePatient(tx, current, decideChange(current, body, now)),
  }),

  handle(archivePatient, {
    load: (tx, { params }) => queries.lockPatient(tx, params.id),
    work: async (tx, { current }) => {
      refuseMerged(current)
      if (current.status !== 'active') return current
      return queries.updatePatient(tx, current, { status: 'inactive' })
    },
  }),

  handle(mergePatients, {
    load: (tx, { params, body }) => lockPair(tx, params.id, body.duplicate_id),
    work: (tx, { current, body, context, audit }) => {
      audit.patientIds.push(body.duplicate_id)
      audit.purpose = body.reason
      return mergePair(tx, current, { duplicateId: body.duplicate_id, reason: body.reason, userId: context.userId })
    },
  }),

  handle(unmergePatients, {
    load: (tx, { params, body }) => lockPair(tx, params.id, body.duplicate_id),
    work: (tx, { current, body, context, audit }) => {
      audit.patientIds.push(body.duplicate_id)
      audit.purpose = body.reason
      return unmergePair(tx, current, { duplicateId: body.duplicate_id, reason: body.reason, userId: context.userId })
    },
  }),

  handle(listPatientMerges, async (tx, { params, query: { limit, cursor } }) => {
    await found(tx, params.id)
    const after = decodeCursor(cursor, ['number'])
    return toPage(await listMerges(tx, params.id, limit, after?.[0] ?? null), limit, (row) => [row.id])
  }),
]
