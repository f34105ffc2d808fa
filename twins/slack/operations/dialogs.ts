import { callingApp, type SlackCall } from '../caller.ts'
import { done, fail } from '../errors.ts'
import { json } from '../rules/arguments.ts'
import type { Json } from '../tables.ts'
import { operations } from './define.ts'

const MAX_TITLE = 24
const MAX_LABEL = 48
const MAX_ELEMENTS = 10

/** What is wrong with a dialog, element by element, in the words of the legacy validator. */
function dialogErrors(dialog: Json): string[] {
  const errors: string[] = []
  const { title, elements, callback_id: callbackId } = dialog
  if (typeof callbackId !== 'string' || callbackId === '') errors.push('Dialog field `callback_id` is required')
  if (typeof title !== 'string' || title === '') errors.push('Dialog field `title` is required')
  else if (title.length > MAX_TITLE) errors.push(`Dialog title cannot be longer than ${MAX_TITLE} characters`)
  if (!Array.isArray(elements) || elements.length === 0) return [...errors, 'Dialog must have at least one element']
  if (elements.length > MAX_ELEMENTS) errors.push(`Dialog cannot have more than ${MAX_ELEMENTS} elements`)
  elements.forEach((element: Json, i) => {
    for (const field of ['label', 'name', 'type']) {
      if (typeof element[field] !== 'string' || element[field] === '')
        errors.push(`Element ${i} field \`${field}\` is required`)
    }
    if (String(element.label ?? '').length > MAX_LABEL)
      errors.push(`Element ${i} field \`label\` cannot be longer than ${MAX_LABEL} characters`)
  })
  return errors
}

/** Dialogs spend the same triggers as views, under names of their own. */
function spend(call: SlackCall, id: unknown): void {
  const trigger = call.tables.triggers.get(String(id ?? ''))
  if (!trigger || trigger.appId !== callingApp(call.caller).id) throw fail('invalid_trigger')
  if (trigger.used) throw fail('trigger_exchanged')
  if (trigger.expires <= call.now) throw fail('trigger_expired')
  call.tables.triggers.replace({ ...trigger, used: true })
}

export const dialogs = operations({
  'dialog.open': (call) => {
    const dialog = json(call.query.dialog)
    if (typeof dialog !== 'object' || dialog === null) throw fail('missing_dialog')
    if (!callingApp(call.caller).interactivityUrl && !callingApp(call.caller).socketMode)
      throw fail('app_missing_action_url')
    const messages = dialogErrors(dialog as Json)
    if (messages.length > 0) throw fail('validation_errors', { response_metadata: { messages } })
    spend(call, call.query.trigger_id)
    return done()
  },
})
