import { type CloudEvent, mayKnowEvent } from '@hospital/contracts'
import type { Messaging } from '@hospital/messaging'
import type { LiveSession } from '../sessions.ts'
import { chartsOpenTo } from './charts.ts'
import type { EventWriter } from './event-writer.ts'
import { type Followed, followed, type Position, type Positions } from './position.ts'

interface FeedOptions {
  messaging: Pick<Messaging, 'follow' | 'request'>
  session: LiveSession
  /** Where to begin. */
  position: Position
  positions: Positions
  writer: EventWriter
  now: () => number
}

export interface Feed {
  close(): Promise<void>
}

const heartbeatMs = 15_000
/** How long a reader waits before connecting again. */
const retryMs = 2_000

/**
 * Follows the streams for one reader and tells what that person may know. The position moves with everything
 * that is heard, told or not, and goes out with each event, at the beginning and with each heartbeat. Where it cannot be
 * found out whether an event may be told, the stream ends before it.
 */
export function startFeed({ messaging, session, position: begin, positions, writer, now }: FeedOptions): Feed {
  const { tenantId, permissions } = session
  const charts = chartsOpenTo(session, messaging, now)
  const position = { ...begin }
  const idLine = (): string => `id: ${positions.write(tenantId, position)}`

  const hear = async (stream: Followed, event: CloudEvent, sequence: number): Promise<void> => {
    const mayKnow = mayKnowEvent(event.type, permissions) && (await charts.mayKnow(event).catch(() => null))
    // The reader connects again, and goes on before this event.
    if (mayKnow === null) return writer.end()
    position[stream] = sequence
    if (mayKnow) await writer.write([idLine(), `event: ${event.type}`, `data: ${JSON.stringify(announcement(event))}`])
  }
  const beat = setInterval(() => void writer.write([': still here', idLine()]), heartbeatMs)
  void writer.write([`retry: ${retryMs}`, idLine()])
  const parts = followed.map((stream) =>
    messaging.follow({
      stream,
      tenantId,
      after: position[stream],
      hear: (event, sequence) => hear(stream, event, sequence),
    }),
  )
  return {
    async close() {
      clearInterval(beat)
      await Promise.all(parts.map((part) => part.close()))
    },
  }
}

/** What is told of an event: which thing changed, never how. */
function announcement({ id, type, subject, time, data }: CloudEvent) {
  const version = (data as { version?: unknown } | null)?.version
  return { id, type, subject, time, ...(Number.isInteger(version) ? { version } : {}) }
}
