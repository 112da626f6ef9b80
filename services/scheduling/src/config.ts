import { readProcessConfig } from '@hospital/service'

/** The settings of scheduling; the only place that reads the environment. */
export const config = readProcessConfig('scheduling', process.env)
