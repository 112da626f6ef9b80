import {
  DiscardPolicy,
  type JetStreamManager,
  NatsError,
  nanos,
  RetentionPolicy,
  StorageType,
  type StreamUpdateConfig,
} from 'nats'

const streamNames = ['IDENTITY', 'CLINICAL', 'SCHEDULING', 'DEAD_LETTERS'] as const
export type StreamName = (typeof streamNames)[number]

const day = 24 * 60 * 60 * 1000

/** An event published twice with one id inside this window is stored once; the inbox of a consumer catches later ones. */
const dedupeWindowMs = 10 * 60 * 1000

const subjectsOf: Record<StreamName, string> = {
  IDENTITY: 'identity.>',
  CLINICAL: 'clinical.>',
  SCHEDULING: 'scheduling.>',
  DEAD_LETTERS: 'dead.>',
}

const settingsOf = (name: StreamName): StreamUpdateConfig & { name: string } =>
  ({
    name,
    subjects: [subjectsOf[name]],
    max_age: nanos(name === 'DEAD_LETTERS' ? 180 * day : 30 * day),
    duplicate_window: nanos(dedupeWindowMs),
    discard: DiscardPolicy.Old,
  }) as StreamUpdateConfig & { name: string }

/**
 * The streams a program answers for: a service its own and the dead letters, which all of them write.
 * Anything else (tests, a command line) sees to all.
 */
export function streamsOf(program: string): readonly StreamName[] {
  const own = streamNames.find((name) => name === program.toUpperCase())
  if (program === 'gateway') return []
  return own ? [own, 'DEAD_LETTERS'] : streamNames
}

/** Makes the stream, or brings an older one up to these settings. Running it again changes nothing. */
export async function ensureStream(manager: JetStreamManager, name: StreamName): Promise<void> {
  const settings = settingsOf(name)
  const existing = await manager.streams.info(name).catch((error) => {
    if (isNotFound(error)) return null
    throw error
  })
  if (!existing) {
    const fixed = { storage: StorageType.File, retention: RetentionPolicy.Limits }
    await manager.streams.add({ ...settings, ...fixed }).catch((error) => {
      // Another program made it in the same moment.
      if (!(error instanceof NatsError && error.api_error?.err_code === 10058)) throw error
    })
    return
  }
  const same = (Object.keys(settings) as (keyof typeof settings)[]).every(
    (key) => JSON.stringify(existing.config[key]) === JSON.stringify(settings[key]),
  )
  if (!same) await manager.streams.update(name, settings)
}

/** The server's "no such stream" or "no such consumer". */
export const isNotFound = (error: unknown): boolean => error instanceof NatsError && error.api_error?.code === 404
