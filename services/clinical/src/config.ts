import { readProcessConfig } from '@hospital/service'

/** The settings of clinical; the only place that reads the environment. */
export const config = readProcessConfig('clinical', process.env)
