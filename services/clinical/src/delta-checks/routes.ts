import { getLabTestDeltas } from '@hospital/contracts'
import { handle, type Route } from '@hospital/service'
import { getSettings } from '../clinical-settings/queries.ts'
import { getCatalogue } from '../lab-catalogue/queries.ts'
import { findTested, listEarlier } from './queries.ts'
import { deltasOf } from './rules.ts'

/** A new result against the last one. */
export const deltaCheckRoutes = (): Route[] => [
  handle(getLabTestDeltas, {
    load: (tx, { params }) => findTested(tx, params.id),
    work: async (tx, { current: test }) => {
      const { delta_days, delta_limits } = await getSettings(tx)
      const earlier = await listEarlier(tx, test, delta_days)
      const deltas = deltasOf(await getCatalogue(tx), test, earlier, delta_limits)
      return { lab_test_id: test.id, patient_id: test.patient_id, deltas }
    },
  }),
]
