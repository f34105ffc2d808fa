import { callingApp, type SlackCall } from '../caller.ts'
import { done, fail } from '../errors.ts'
import { flag, json, text } from '../rules/arguments.ts'
import type { Json, Trigger } from '../tables.ts'
import { operations } from './define.ts'

/** Work objects: what an app shows a person who opens one. `act/slack/openEntity` opens one. */

/** The trigger of a person's act on a work object; an app may answer it more than once. */
function opened(call: SlackCall): Trigger & { entity: string } {
  const trigger = call.tables.triggers.get(String((call.query as { trigger_id?: string }).trigger_id))
  const { entity } = trigger ?? {}
  if (!trigger || entity === undefined || trigger.appId !== callingApp(call.caller).id) throw fail('invalid_trigger_id')
  return { ...trigger, entity }
}

/** Instead of contents: where the person signs in first, or an error. */
function instead(call: SlackCall): Json | undefined {
  const { user_auth_required, user_auth_url, error } = call.query as Record<string, unknown>
  if (flag(user_auth_required)) {
    if (text(user_auth_url) === undefined) throw fail('user_auth_url_missing')
    return { user_auth_url }
  }
  return text(error) === undefined ? undefined : { error: json(error) ?? error }
}

function present(call: SlackCall, trigger: Trigger & { entity: string }, shown: Json) {
  const { id, appId, user, entity } = trigger
  const known = call.tables.presentations.get(id)
  call.tables.presentations.put({ trigger: id, appId, user, entity, shown: { ...known?.shown, ...shown } })
  return done()
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

export const entities = operations({
  'entity.presentDetails': (call) => {
    const trigger = opened(call)
    const other = instead(call)
    if (other) return present(call, trigger, other)
    const metadata = json(call.query.metadata)
    if (!isObject(metadata) || !isObject(metadata.entity_payload)) throw fail('invalid_metadata')
    const { id } = (metadata.external_ref ?? {}) as { id?: unknown }
    if (id !== undefined && String(id) !== trigger.entity) throw fail('entity_metadata_does_not_match_trigger')
    return present(call, trigger, { details: metadata })
  },

  'entity.presentComments': (call) => {
    const trigger = opened(call)
    const other = instead(call)
    if (other) return present(call, trigger, other)
    const comments = json(call.query.comments)
    if (!Array.isArray(comments)) throw fail('invalid_arguments')
    const mayDelete = (comments as Json[]).some((comment) => comment.can_delete === true)
    if (mayDelete && text(call.query.delete_action_id) === undefined) throw fail('missing_delete_action_id')
    return present(call, trigger, {
      comments,
      can_post_comment: flag(call.query.can_post_comment),
      ...(text(call.query.cursor) ? { cursor: call.query.cursor } : {}),
    })
  },

  'entity.acknowledgeCommentAction': (call) => {
    const trigger = opened(call)
    if (text(call.query.error)) return present(call, trigger, { comment_error: call.query.error })
    const comment = json(call.query.comment)
    if (comment !== undefined && (!isObject(comment) || text(comment.comment_id) === undefined))
      throw fail('missing_comment_data')
    return present(call, trigger, { acknowledged: comment ?? null })
  },
})
