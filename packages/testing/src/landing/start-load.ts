import { randomInt } from 'node:crypto'
import { actByChance } from './acts.ts'
import type { Load } from './writes.ts'

export interface RunningLoad {
  /** Begins nothing more; answers when every write has its outcome. */
  stop(): Promise<void>
}

const perSecond = 16
/** More than this on their way: people wait, they do not pile up. */
const atOnce = 40

/** Writes of all kinds in all hospitals, so many begun every second, however slow the answers are. */
export function startLoad(load: Load): RunningLoad {
  const { hospitals, unexpected } = load.ledger
  const onTheirWay = new Set<Promise<void>>()
  const begin = () => {
    const hospital = hospitals[randomInt(hospitals.length)]
    if (hospital === undefined || onTheirWay.size >= atOnce) return
    const act = actByChance(load, hospital)
      .catch((error: unknown) => void unexpected.push(`the load itself failed: ${String(error)}`))
      .finally(() => onTheirWay.delete(act))
    onTheirWay.add(act)
  }
  const timer = setInterval(begin, 1000 / perSecond)
  return {
    async stop() {
      clearInterval(timer)
      await Promise.all(onTheirWay)
    },
  }
}
