import { readProcessConfig } from '@hospital/service'

/** The settings of scheduling; the only place that reads the environment. */
export const config = {
  ...readProcessConfig('scheduling', process.env),
  /** Where the gateway is reached from outside, for addresses in calendars; empty: they begin with their path. */
  publicUrl: (process.env.PUBLIC_URL ?? '').replace(/\/+$/, ''),
}
