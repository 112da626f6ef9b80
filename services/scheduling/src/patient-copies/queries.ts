import { PatientFacts, type Static } from '@hospital/contracts'
import { sql, type TenantTx, table } from '@hospital/database'
import { Type } from '@sinclair/typebox'

/** The copy has what clinical's events say. */
export const patients = table('patients', PatientFacts, { made: [] })
export type Patient = Static<typeof PatientFacts>

const Standing = Type.Pick(PatientFacts, ['id', 'status', 'merged_into', 'version'])

/** The patient who stands for this id now: both ids of a merge keep resolving. */
export const findStandingPatient = (tx: TenantTx, id: number) =>
  tx.maybeOne(sql.type(Standing)`
    WITH RECURSIVE chain AS (
      SELECT id, status, merged_into, version, 1 AS depth FROM patients WHERE id = ${id}
      UNION ALL
      SELECT p.id, p.status, p.merged_into, p.version, chain.depth + 1
      FROM patients p JOIN chain ON p.id = chain.merged_into WHERE chain.depth < 20
    )
    SELECT id, status, merged_into, version FROM chain ORDER BY depth DESC LIMIT 1`)
