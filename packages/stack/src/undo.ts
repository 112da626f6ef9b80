/** Ends what was started, the newest first. */
export interface Undo {
  add(step: () => Promise<void> | void): void
  run(): Promise<void>
}

/** An empty list of steps to undo. */
export function undoList(): Undo {
  const steps: (() => Promise<void> | void)[] = []
  return {
    add: (step) => void steps.push(step),
    run: async () => {
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) await step()
    },
  }
}
