import type { Delivery } from '../kernel/call.ts'
import type { Instant } from './clock.ts'
import { defineTable } from './table.ts'

/** A named counter of a universe. */
export interface Counter {
  readonly name: string
  readonly value: number
}

/** Work due at an instant: a job of a twin, or a delivery attempt. */
export interface DueTask {
  readonly id: string
  readonly twin: string
  readonly kind: string
  readonly at: Instant
  readonly key?: string
  readonly payload?: unknown
}

/** Payload of a `deliver` task. */
export interface Attempt {
  readonly delivery: Delivery
  /** 0 for the first try. */
  readonly attempt: number
  readonly reason?: string
}

/** Tables every universe has, whatever its twins: they fork, roll back and persist like any other. */
export const systemTables = {
  counters: defineTable<Counter>()('dtu.counters', { key: (counter) => counter.name }),
  tasks: defineTable<DueTask>()('dtu.tasks', {
    key: (task) => task.id,
    unique: { key: (task) => (task.key === undefined ? undefined : [task.twin, task.key]) },
    index: { at: (task) => [Math.max(0, Math.floor(task.at))] },
  }),
}
