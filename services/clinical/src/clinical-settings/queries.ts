import { ClinicalSettings, type Static } from '@hospital/contracts'
import { sql, type TenantTx } from '@hospital/database'

export type Settings = Static<typeof ClinicalSettings>

const columns = sql.fragment`lab_verifier_must_differ, care_relation_required, updated_at, version`

export const getSettings = (tx: TenantTx): Promise<Settings> =>
  tx.one(sql.type(ClinicalSettings)`SELECT ${columns} FROM clinical_settings`)

export const lockSettings = (tx: TenantTx): Promise<Settings> =>
  tx.one(sql.type(ClinicalSettings)`SELECT ${columns} FROM clinical_settings FOR UPDATE`)

export const updateSettings = (tx: TenantTx, settings: Settings): Promise<Settings> =>
  tx.one(sql.type(ClinicalSettings)`
    UPDATE clinical_settings
    SET lab_verifier_must_differ = ${settings.lab_verifier_must_differ},
        care_relation_required = ${settings.care_relation_required}, updated_at = now(), version = version + 1
    RETURNING ${columns}`)
