import { ok } from '../../../shared/kernel/reply.ts'
import { changeFile } from '../../google/files.ts'
import { ensureUser } from '../../google/users.ts'
import { invalidBody } from '../errors.ts'
import { fileFor, fileOf } from '../rules/lookup.ts'
import { pageByText } from '../rules/paging.ts'
import type { Label } from '../tables.ts'
import { labelView } from '../views/label.ts'
import { userOf } from '../views/user.ts'
import { type DriveCall, operations } from './define.ts'

interface FieldModification {
  readonly fieldId?: string
  readonly unsetValues?: boolean
  readonly setTextValues?: readonly string[]
  readonly setIntegerValues?: readonly string[]
  readonly setDateValues?: readonly string[]
  readonly setSelectionValues?: readonly string[]
  readonly setUserValues?: readonly string[]
}

type FieldType = Label['fields'][string]['type']

/** Which member of a modification sets a field of each type. */
const SETTERS: Readonly<Record<FieldType, keyof FieldModification>> = {
  text: 'setTextValues',
  integer: 'setIntegerValues',
  dateString: 'setDateValues',
  selection: 'setSelectionValues',
  user: 'setUserValues',
}

function fieldValue(call: DriveCall, label: Label, modification: FieldModification): object {
  const { fieldId = '' } = modification
  const field = label.fields[fieldId]
  if (!field) throw invalidBody(`Field ${fieldId} does not exist on label ${label.id}.`)
  const values = modification[SETTERS[field.type]] as readonly string[] | undefined
  if (!values) throw invalidBody(`The values of field ${fieldId} must be of type ${field.type}.`)
  const shown = field.type === 'user' ? values.map((email) => userOf(call, ensureUser(call, email).id)) : values
  return { valueType: field.type, [field.type]: shown }
}

/** The fields of one label on a file after a modification. */
function modify(
  call: DriveCall,
  label: Label,
  before: Readonly<Record<string, object>>,
  modifications: readonly FieldModification[],
) {
  const fields = { ...before }
  for (const modification of modifications) {
    if (modification.unsetValues) delete fields[modification.fieldId ?? '']
    else fields[modification.fieldId ?? ''] = fieldValue(call, label, modification)
  }
  return fields
}

export const labels = operations({
  'drive.files.listLabels': (call) => {
    const { file } = fileOf(call, call.params.fileId)
    const { maxResults = 100, pageToken } = call.query
    const rows = Object.entries(file.labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
    const { items, nextPageToken } = pageByText(rows, maxResults, pageToken, file.id, ([id]) => id)
    return ok({
      kind: 'drive#labelList',
      labels: items.map(([id, fields]) => labelView(call, id, fields)),
      ...(nextPageToken && { nextPageToken }),
    })
  },

  'drive.files.modifyLabels': (call) => {
    const { file } = fileFor(call, call.params.fileId, 'canModifyLabels')
    const labels: Record<string, Readonly<Record<string, object>>> = { ...file.labels }
    const modified = []
    for (const { labelId = '', removeLabel, fieldModifications = [] } of call.body?.labelModifications ?? []) {
      const label = call.tables.labels.get(labelId)
      if (!label) throw invalidBody(`Label ${labelId} does not exist or cannot be applied.`)
      if (removeLabel) delete labels[labelId]
      else {
        const fields = modify(call, label, labels[labelId] ?? {}, fieldModifications)
        labels[labelId] = fields
        modified.push(labelView(call, labelId, fields))
      }
    }
    changeFile(call, file.id, { labels })
    return ok({ kind: 'drive#modifyLabelsResponse', modifiedLabels: modified })
  },
})
