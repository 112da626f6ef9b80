import type { Writable } from 'node:stream'

export interface EventWriter {
  /** Writes one block of lines; resolves when the reader has room for more, or is gone. */
  write(lines: readonly string[]): Promise<void>
  /** Ends what was written so far; a reader who does not take it is cut off. */
  end(): void
}

const endWithinMs = 2_000

/** Writes server-sent events. Who takes nothing for `stallMs` is cut off: what waits must not pile up here. */
export function eventWriter(output: Writable, stallMs = 15_000): EventWriter {
  let room: Promise<void> | null = null
  const isOver = (): boolean => output.destroyed || output.writableEnded
  return {
    async write(lines) {
      if (isOver()) return
      if (output.write(`${lines.join('\n')}\n\n`)) return
      room ??= whenDrained(output, stallMs).finally(() => {
        room = null
      })
      await room
    },
    end() {
      if (isOver()) return
      output.end()
      const timer = setTimeout(() => output.destroy(), endWithinMs)
      timer.unref()
      output.once('close', () => clearTimeout(timer))
    },
  }
}

function whenDrained(output: Writable, stallMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => output.destroy(), stallMs)
    const done = (): void => {
      clearTimeout(timer)
      output.off('drain', done).off('close', done)
      resolve()
    }
    output.once('drain', done).once('close', done)
  })
}
