import type { DriveCall } from '../operations/define.ts'

/** drive#label of a file: its fields by id. */
export function labelView(call: DriveCall, id: string, fields: Readonly<Record<string, object>>) {
  const label = call.tables.labels.get(id)
  return {
    kind: 'drive#label',
    id,
    revisionId: label?.revisionId ?? '1',
    fields: Object.fromEntries(
      Object.entries(fields).map(([fieldId, value]) => [fieldId, { kind: 'drive#labelField', id: fieldId, ...value }]),
    ),
  }
}
