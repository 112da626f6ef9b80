import type { Database } from '@hospital/database'
import type { Messaging } from '@hospital/messaging'
import type { FastifyBaseLogger } from 'fastify'
import type { Troubles } from './troubles.ts'

/** What every feature is built from. */
export interface Deps {
  database: Database
  messaging: Messaging
  log: FastifyBaseLogger
  /** Where what this service does by itself says that it fails. */
  troubles: Troubles
  /** PEM; verifies context tokens. */
  gatewayPublicKey: string
  /** Keys what must not be guessable from what is stored. */
  fingerprintKey?: string
  /** In tests: what a contract does not declare fails. */
  holdsContracts?: boolean
  /** Tests turn it; everything that asks the time asks here. */
  clock: () => Date
}

/** Something that works until it is stopped: a consumer, a responder, a job. */
export interface Running {
  /** What a job or round is called where its failures are reported. */
  job?: string
  close(): Promise<void> | void
}
