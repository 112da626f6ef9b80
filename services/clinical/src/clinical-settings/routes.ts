import { changeClinicalSettings, getClinicalSettings } from '@hospital/contracts'
import { handle, type Route } from '@hospital/service'
import { getSettings, lockSettings, updateSettings } from './queries.ts'

/** How a hospital works, clinically: one object. */
export const clinicalSettingsRoutes = (): Route[] => [
  handle(getClinicalSettings, (tx) => getSettings(tx)),
  handle(changeClinicalSettings, {
    load: (tx) => lockSettings(tx),
    work: (tx, { current, body }) => updateSettings(tx, current, body),
  }),
]
