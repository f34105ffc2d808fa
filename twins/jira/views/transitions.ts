import type { Reader } from '../context.ts'
import { fieldOf } from '../rules/fields/registry.ts'
import { projectOf } from '../rules/issues/find.ts'
import type { Issue, WorkflowTransition } from '../tables.ts'
import { statusView } from './configuration.ts'
import { fieldMeta } from './fields.ts'

/** A transition. The wire says `isLooped`, the contract `looped`. */
export function transitionView(reader: Reader, issue: Issue, transition: WorkflowTransition, withFields: boolean) {
  const to = reader.site.tables.statuses.get(transition.to)
  const project = projectOf(reader.site, issue)
  const screen =
    transition.screenId === undefined ? undefined : reader.site.tables.screens.get(String(transition.screenId))
  const fields = (screen?.tabs.flatMap((tab) => tab.fields) ?? [])
    .map((id) => fieldOf(reader.site, id))
    .filter((f) => f !== undefined)
  return {
    id: transition.id,
    name: transition.name,
    to: to && statusView(reader, to),
    hasScreen: screen !== undefined,
    isGlobal: transition.type === 'GLOBAL',
    isInitial: transition.type === 'INITIAL',
    isAvailable: true,
    isConditional: (transition.conditions?.length ?? 0) > 0,
    isLooped: false,
    ...(withFields && {
      fields: Object.fromEntries(
        fields.map((field) => [field.id, fieldMeta(reader, field, project, issue.typeId, issue)]),
      ),
    }),
  }
}
