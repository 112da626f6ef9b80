import { appointmentUpdated } from '@hospital/contracts'
import { announce, sql, type TenantTx } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import { findAppointmentForChange, lockCalendars } from '../appointments/queries.ts'

/** The tables whose rows belong to a patient; a test compares them with the foreign keys of the database. */
export const patientTables = ['appointments', 'waitlist'] as const

const Moved = Type.Object({ id: Type.Integer() })

async function tellAll(tx: TenantTx, ids: readonly number[]): Promise<void> {
  for (const id of ids) {
    const appointment = await findAppointmentForChange(tx, id)
    if (appointment) await announce(tx, appointmentUpdated, appointment)
  }
}

/** Gives everything of the duplicate to the patient who stays, and remembers each row so that it can go back. */
export async function moveToSurvivor(tx: TenantTx, duplicateId: number, survivorId: number): Promise<void> {
  await lockCalendars(tx, { doctors: [], patients: [duplicateId, survivorId] })
  for (const table of patientTables) {
    const name = sql.identifier([table])
    const moved = await tx.any(sql.type(Moved)`
      WITH moved AS (
        UPDATE ${name} SET patient_id = ${survivorId}, merged_from = coalesce(merged_from, ${duplicateId}),
          updated_at = now(), version = version + 1
        WHERE patient_id = ${duplicateId} RETURNING id
      ), remembered AS (
        INSERT INTO patient_moves (entity, row_id, from_patient_id, to_patient_id)
        SELECT ${table}, id, ${duplicateId}, ${survivorId} FROM moved
      )
      SELECT id FROM moved ORDER BY id`)
    if (table === 'appointments')
      await tellAll(
        tx,
        moved.map(({ id }) => id),
      )
  }
}

/** Gives back what a merge took from this patient, and what was booked under their id since. */
export async function returnToDuplicate(tx: TenantTx, duplicateId: number): Promise<void> {
  await lockCalendars(tx, { doctors: [], patients: [duplicateId] })
  for (const table of patientTables) {
    const returned = await tx.any(sql.type(Moved)`
      WITH first_step AS (
        SELECT row_id, min(id) AS step FROM patient_moves
        WHERE entity = ${table} AND from_patient_id = ${duplicateId} GROUP BY row_id
      ), forgotten AS (
        DELETE FROM patient_moves m USING first_step f
        WHERE m.entity = ${table} AND m.row_id = f.row_id AND m.id >= f.step
      )
      UPDATE ${sql.identifier([table])} r SET patient_id = ${duplicateId}, updated_at = now(), version = version + 1,
        merged_from = (
          SELECT m.from_patient_id FROM patient_moves m
          WHERE m.entity = ${table} AND m.row_id = r.id AND m.id < f.step ORDER BY m.id LIMIT 1
        )
      FROM first_step f WHERE r.id = f.row_id
      RETURNING r.id`)
    if (table === 'appointments')
      await tellAll(
        tx,
        returned.map(({ id }) => id),
      )
  }
}

/** A row that was written under the id of a merged patient belongs to the one who stays, and goes back with the others. */
export async function rememberAskedId(
  tx: TenantTx,
  entity: (typeof patientTables)[number],
  rowId: number,
  askedId: number,
): Promise<void> {
  await tx.query(sql.unsafe`
    WITH RECURSIVE chain AS (
      SELECT id, merged_into, 1 AS depth FROM patients WHERE id = ${askedId}
      UNION ALL
      SELECT p.id, p.merged_into, chain.depth + 1
      FROM patients p JOIN chain ON p.id = chain.merged_into WHERE chain.depth < 20
    )
    INSERT INTO patient_moves (entity, row_id, from_patient_id, to_patient_id)
    SELECT ${entity}, ${rowId}, id, merged_into FROM chain WHERE merged_into IS NOT NULL ORDER BY depth`)
}
