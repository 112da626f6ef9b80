/** A line for the person. */
export function say(line = ''): void {
  process.stdout.write(`${line}\n`)
}

/** The same with the time of day (UTC): what happens while the person looks elsewhere. */
export function note(line: string): void {
  say(`${new Date().toISOString().slice(11, 19)} ${line}`)
}

export function complain(line: string): void {
  process.stderr.write(`hospital: ${line}\n`)
}

/** `8.2 s`, `1 min 12 s` */
export function seconds(milliseconds: number): string {
  const total = milliseconds / 1000
  return total < 60 ? `${total.toFixed(1)} s` : `${Math.floor(total / 60)} min ${Math.round(total % 60)} s`
}

export interface ProgressBar {
  /** How many are done, and of which something went wrong. */
  update(done: number, failed?: number): void
  end(): void
}

const width = 28
const redrawMs = 100
const lineEveryMs = 5000

/** A bar with rate and time left; where there is no terminal, a line every few seconds. */
export function progressBar(label: string, total: number, isTerminal: boolean): ProgressBar {
  const started = Date.now()
  let state = { done: 0, failed: 0 }
  let drawn = isTerminal ? 0 : started
  const draw = (force: boolean) => {
    const now = Date.now()
    if (!force && now - drawn < (isTerminal ? redrawMs : lineEveryMs)) return
    drawn = now
    const text = describe(label, total, state, now - started)
    process.stdout.write(isTerminal ? `\r\u001b[2K${text}` : `${text}\n`)
  }
  return {
    update(done, failed = 0) {
      state = { done, failed }
      draw(false)
    },
    end() {
      draw(true)
      if (isTerminal) process.stdout.write('\n')
    },
  }
}

function describe(
  label: string,
  total: number,
  { done, failed }: { done: number; failed: number },
  spentMs: number,
): string {
  const share = total === 0 ? 1 : done / total
  const bar = '█'.repeat(Math.round(share * width)).padEnd(width, '░')
  const rate = done / Math.max(spentMs / 1000, 0.001)
  const left = done > 0 && done < total ? `, ${seconds(((total - done) / rate) * 1000)} left` : ''
  const bad = failed > 0 ? `, ${failed} failed` : ''
  return `${label} ${bar} ${done}/${total} (${rate.toFixed(1)}/s${left}${bad})`
}
