import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Trajectory } from '../trajectory.ts'

/** One answer a twin could not give as the service would, wanted by a scenario. */
export interface GapLine {
  readonly twin: string
  readonly op: string
  readonly count: number
  readonly scenario: string
}

/** Gaps of many trajectories, summed by scenario and operation. */
export function gapLines(trajectories: readonly Trajectory[]): GapLine[] {
  const lines = new Map<string, GapLine>()
  for (const { scenario, gaps } of trajectories) {
    for (const { twin, op, count } of gaps) {
      const key = JSON.stringify([twin, op, scenario])
      lines.set(key, { twin, op, count: count + (lines.get(key)?.count ?? 0), scenario })
    }
  }
  return [...lines.values()]
}

/** Appends what scenarios missed to the queue from which twins are extended: JSON Lines. */
export function queueGaps(file: string, trajectories: readonly Trajectory[]): GapLine[] {
  const lines = gapLines(trajectories)
  if (lines.length) {
    mkdirSync(dirname(file), { recursive: true })
    appendFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  }
  return lines
}
