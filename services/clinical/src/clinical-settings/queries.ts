import { ClinicalSettings, type Static } from '@hospital/contracts'
import { sql, type TenantTx, table } from '@hospital/database'

export type Settings = Static<typeof ClinicalSettings>

/** One row, with the id 1. */
const clinicalSettings = table('clinical_settings', ClinicalSettings, { made: [] })
const columns = clinicalSettings.columns()

export const getSettings = (tx: TenantTx): Promise<Settings> =>
  tx.one(sql.type(ClinicalSettings)`SELECT ${columns} FROM clinical_settings`)

export const lockSettings = (tx: TenantTx): Promise<Settings> =>
  tx.one(sql.type(ClinicalSettings)`SELECT ${columns} FROM clinical_settings FOR UPDATE`)

export const updateSettings = (tx: TenantTx, { version }: Settings, changes: Partial<Settings>): Promise<Settings> =>
  clinicalSettings.update(tx, { id: 1, version }, changes)
