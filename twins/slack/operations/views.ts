import { callingApp } from '../caller.ts'
import { done, fail, invalidArguments } from '../errors.ts'
import { changeView, checkedView, homeOf, namedView, openView, pushView, requireHash, useTrigger } from '../modals.ts'
import { json, text } from '../rules/arguments.ts'
import { viewView } from '../views/modals.ts'
import { operations } from './define.ts'

/** `trigger_id`, or the `interactivity_pointer` of workflow steps. */
function pointer(query: object): string {
  const { trigger_id, interactivity_pointer } = query as { trigger_id?: string; interactivity_pointer?: string }
  const value = text(trigger_id) ?? text(interactivity_pointer)
  if (value === undefined) throw invalidArguments('invalid `trigger_id`')
  return value
}

export const views = operations({
  'views.open': (call) => {
    const view = checkedView(json(call.query.view))
    const { user } = useTrigger(call, pointer(call.query))
    return done({ view: viewView(call, openView(call, callingApp(call.caller), user, view)) })
  },

  'views.push': (call) => {
    const view = checkedView(json(call.query.view))
    const { user, viewId } = useTrigger(call, pointer(call.query))
    const top = viewId === undefined ? undefined : call.tables.views.get(viewId)
    if (!top || top.closed) throw fail('not_found')
    return done({ view: viewView(call, pushView(call, callingApp(call.caller), user, view, top)) })
  },

  'views.update': (call) => {
    const view = checkedView(json(call.query.view))
    const row = namedView(call)
    requireHash(row, call.query.hash)
    return done({ view: viewView(call, changeView(call, callingApp(call.caller), row, view)) })
  },

  'views.publish': (call) => {
    const app = callingApp(call.caller)
    if (!app.homeTab) throw fail('not_enabled')
    const view = checkedView(json(call.query.view))
    if (view.type !== 'home') throw invalidArguments('must provide a home view [json-pointer:/view/type]')
    const user = call.tables.users.get(String(call.query.user_id))
    if (!user) throw fail('user_not_found')
    const known = homeOf(call, app, user.id)
    requireHash(known, call.query.hash)
    const row = known ? changeView(call, app, known, view) : openView(call, app, user.id, view)
    return done({ view: viewView(call, row) })
  },
})
