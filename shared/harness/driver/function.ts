import type { Running, World } from './driver.ts'

/** A function in this process: no start-up cost, for replay and exploration. */
export interface FunctionSystem {
  readonly name: string
  readonly run: (world: World) => Promise<void>
}

export function startFunction({ run }: FunctionSystem, world: World): Running {
  const ended = Promise.resolve()
    .then(() => run(world))
    .then(
      () => undefined,
      (error: Error) => error.message,
    )
  return { ended, stop: async () => {} }
}
