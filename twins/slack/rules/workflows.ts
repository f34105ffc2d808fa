import type { Json, WorkflowRun } from '../tables.ts'

/** Functions of Slack's own that workflows name in their steps, and their ids. */
export const BUILT_IN: Readonly<Record<string, string>> = {
  'slack#/functions/send_message': 'Fn0102',
  'slack#/functions/open_form': 'Fn010N',
  'slack#/functions/reply_in_thread': 'Fn010P',
}

export const OPEN_FORM = BUILT_IN['slack#/functions/open_form'] as string

/** Types of triggers, by the name that starts a workflow. */
export const TRIGGER_TYPES: Readonly<Record<string, string>> = {
  shortcut: 'Ftt0101',
  event: 'Ftt0102',
  scheduled: 'Ftt0103',
  webhook: 'Ftt0104',
}

/** The value behind `inputs.user` or `steps.0.message`. */
function lookUp(run: Pick<WorkflowRun, 'inputs' | 'outputs'>, path: string): unknown {
  const [from, ...names] = path.trim().split('.')
  const start: unknown = from === 'inputs' ? run.inputs : from === 'steps' ? run.outputs : undefined
  return names.reduce<unknown>((value, name) => (value as Json | undefined)?.[name], start)
}

/** A step's inputs with `{{inputs.x}}` and `{{steps.0.x}}` replaced; one that stands alone keeps its type. */
export function filledIn(value: unknown, run: Pick<WorkflowRun, 'inputs' | 'outputs'>): unknown {
  if (typeof value === 'string') {
    const alone = /^\{\{([^{}]+)\}\}$/.exec(value)?.[1]
    if (alone !== undefined) return lookUp(run, alone)
    return value.replace(/\{\{([^{}]+)\}\}/g, (_, path: string) => String(lookUp(run, path) ?? ''))
  }
  if (Array.isArray(value)) return value.map((item) => filledIn(item, run))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, filledIn(item, run)]))
}
