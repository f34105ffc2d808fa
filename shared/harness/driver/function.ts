import type { Running, World } from './driver.ts'

/** A function in this process: no start-up cost, for replay and exploration. */
export interface FunctionDriver {
  readonly run: (world: World) => Promise<void>
}

export function startFunction({ run }: FunctionDriver, world: World): Running {
  return {
    stays: false,
    async work() {
      try {
        await run(world)
        return undefined
      } catch (error) {
        return error instanceof Error ? error.message : String(error)
      }
    },
    stop: async () => undefined, // it cannot be ended from outside: what goes on finds its universe gone
  }
}
