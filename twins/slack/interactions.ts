import { ServiceError } from '../../shared/kernel/dialect.ts'
import { BASE62 } from '../../shared/universe/random.ts'
import type { SlackMoment } from './caller.ts'
import { type Notice, sendToApp } from './delivery.ts'
import { DIGITS } from './ids.ts'
import { changeView, checkedView, clearStack, closeView, pushView, stackOf } from './modals.ts'
import { answerCommand } from './responses.ts'
import type { App, Conversation, Interaction, Json, User, View } from './tables.ts'

/** What people do to an app, as the app is told of it, and what its answer does. */

const RESPONSE_URL_LIFE = 30 * 60_000

/** Facts every interaction carries about the person. */
export function who(moment: SlackMoment, user: User): Json {
  const team = moment.tables.teams.get(user.teamId)
  return {
    user: { id: user.id, username: user.name, name: user.name, team_id: user.teamId },
    team: { id: user.teamId, domain: team?.domain },
  }
}

/** What a channel is called in interactions: direct ones have no name of their own. */
export const interactionName = (channel: Conversation): string =>
  channel.kind === 'im' ? 'directmessage' : channel.kind === 'private' ? 'privategroup' : channel.name

export function newResponseUrl(
  moment: SlackMoment,
  kind: 'actions' | 'commands' | 'app',
  app: App,
  user: User,
  channel: string,
  about: { ts?: string | undefined; threadTs?: string | undefined } = {},
): string {
  const secret = moment.random.text(14, BASE62)
  moment.tables.responseUrls.insert({
    secret,
    appId: app.id,
    user: user.id,
    channel,
    ...(about.ts ? { ts: about.ts } : {}),
    ...(about.threadTs ? { threadTs: about.threadTs } : {}),
    uses: 0,
    expires: moment.now + RESPONSE_URL_LIFE,
  })
  return moment.link(`/${kind}/${user.teamId}/${moment.random.text(14, DIGITS)}/${moment.seal(secret)}`)
}

/** Tells the app, and remembers to read its answer. */
export function interact(
  moment: SlackMoment,
  app: App,
  notice: Omit<Notice, 'interactionId'>,
  row: Pick<Interaction, 'type' | 'user'> & Partial<Interaction>,
): Interaction {
  const id = moment.random.uuid()
  const sent = sendToApp(moment, app, { ...notice, interactionId: id })
  return moment.tables.interactions.insert({
    id,
    appId: app.id,
    payload: notice.payload,
    at: moment.now,
    ...row,
    ...(sent ? {} : { outcome: unreachable(row) }),
  })
}

const unreachable = (row: { command?: string | undefined }): string =>
  row.command
    ? `${row.command} failed with the error "dispatch_failed"`
    : 'This app is not configured to handle interactive responses.'

export interface Answer {
  readonly status: number
  readonly body: string
  readonly reason?: string
}

/** What an app's answer to an interaction does. */
export function answered(moment: SlackMoment, row: Interaction, answer: Answer): void {
  const app = moment.tables.apps.get(row.appId)
  if (!app) return
  const failed = answer.status < 200 || answer.status >= 300
  const outcome = failed ? failure(row, answer) : success(moment, app, row, answer.body)
  moment.tables.interactions.replace({ ...row, outcome: outcome ?? 'ok' })
}

/** What the person reads when the app failed. */
function failure(row: Interaction, answer: Answer): string {
  const isTimeout = answer.reason === 'http_timeout'
  if (row.command)
    return `${row.command} failed with the error "${isTimeout ? 'operation_timeout' : 'dispatch_failed'}"`
  return row.type === 'view_submission'
    ? 'We had some trouble connecting. Try again?'
    : 'This app responded with an error.'
}

function success(moment: SlackMoment, app: App, row: Interaction, body: string): string | undefined {
  switch (row.type) {
    case 'view_submission':
      return submissionAnswer(moment, app, row, body)
    case 'slash_command':
      answerCommand(moment, app, row, body)
      return undefined
    case 'block_suggestion':
      return body
    default:
      return undefined
  }
}

/** `response_action`: nothing closes this view; errors keep it open and show. */
function submissionAnswer(moment: SlackMoment, app: App, row: Interaction, body: string): string | undefined {
  const view = row.viewId === undefined ? undefined : moment.tables.views.get(row.viewId)
  if (!view) return 'not_found'
  const answer = body.trim() === '' ? {} : parsed(body)
  if (!answer) return 'We had some trouble connecting. Try again?'
  try {
    return respondToView(moment, app, view, answer)
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return `We had some trouble connecting. Try again? (${error.message})`
  }
}

function parsed(body: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Json) : undefined
  } catch {
    return undefined
  }
}

function respondToView(moment: SlackMoment, app: App, view: View, answer: Json): string | undefined {
  switch (answer.response_action) {
    case undefined:
      closeView(moment, view)
      return undefined
    case 'clear':
      clearStack(moment, view)
      return undefined
    case 'update':
      changeView(moment, app, view, checkedView(answer.view))
      return undefined
    case 'push':
      pushView(moment, app, view.user, checkedView(answer.view), view)
      return undefined
    case 'errors':
      return viewErrors(view, answer.errors as Readonly<Record<string, unknown>>)
    default:
      return 'We had some trouble connecting. Try again?'
  }
}

/** Errors for blocks the view does not have are a failure of the app. */
function viewErrors(view: View, errors: Readonly<Record<string, unknown>> | undefined): string {
  const blocks = (view.payload.blocks as readonly Json[]).map((block) => block.block_id)
  const unknown = Object.keys(errors ?? {}).filter((id) => !blocks.includes(id))
  if (!errors || unknown.length > 0) return 'We had some trouble connecting. Try again?'
  return JSON.stringify({ errors })
}

/** The topmost open modal a person has of an app. */
export function topModal(moment: SlackMoment, user: string): View | undefined {
  const open = moment.tables.views.where('open', user)
  const latest = open.at(-1)
  return latest && stackOf(moment, latest.rootId).at(-1)
}
