import { changeHospital, getHospital, hospitalUpdated, problem } from '@hospital/contracts'
import { announce } from '@hospital/database'
import { handle, type Route } from '@hospital/service'
import { getHospitalRow, lockHospital, replaceClosingDays, updateHospital } from './queries.ts'
import { findSettingErrors } from './rules.ts'

export const hospitalRoutes = (): Route[] => [
  handle(getHospital, (tx) => getHospitalRow(tx)),

  handle(changeHospital, {
    load: (tx) => lockHospital(tx),
    work: async (tx, { current, body }) => {
      const errors = findSettingErrors(body)
      if (errors.length > 0) throw problem('validation-failed', { errors })
      if (body.closing_days) await replaceClosingDays(tx, body.closing_days)
      const hospital = await updateHospital(tx, { ...current, ...body })
      await announce(tx, hospitalUpdated, { ...hospital, id: hospital.tenant_id })
      return hospital
    },
  }),
]
