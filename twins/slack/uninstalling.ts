import type { SlackMoment } from './caller.ts'
import { announce } from './events.ts'
import type { App } from './tables.ts'

/** Takes an app out of workspaces (all of them, unless some are named): it is told, and its tokens die. */
export function uninstall(moment: SlackMoment, app: App, teams?: readonly string[]): void {
  const { tables } = moment
  const revoked = [...tables.tokens.rows()].filter(
    (token) => token.appId === app.id && token.kind !== 'app' && (teams === undefined || teams.includes(token.teamId)),
  )
  announce(moment, { type: 'app_uninstalled' }, { appId: app.id })
  const of = (kind: string) => revoked.filter((token) => token.kind === kind).flatMap((token) => token.userId ?? [])
  announce(moment, { type: 'tokens_revoked', tokens: { oauth: of('user'), bot: of('bot') } }, { appId: app.id })
  for (const token of revoked) tables.tokens.replace({ ...token, revoked: true })
}
