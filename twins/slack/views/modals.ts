import type { SlackMoment } from '../caller.ts'
import type { View } from '../tables.ts'

/** The view object of views.* and of interactions. Member order as recorded in 2026. */
export function viewView(moment: SlackMoment, row: View): Record<string, unknown> {
  const app = moment.tables.apps.get(row.appId)
  const teamId = moment.tables.users.get(row.user)?.teamId
  const { type, blocks, private_metadata, callback_id, ...frame } = row.payload
  return {
    id: row.id,
    team_id: teamId,
    type,
    blocks,
    private_metadata,
    callback_id,
    state: { values: row.state },
    hash: row.hash,
    ...frame,
    previous_view_id: row.previousId ?? null,
    root_view_id: row.rootId,
    app_id: row.appId,
    external_id: row.externalId ?? '',
    app_installed_team_id: teamId,
    bot_id: app?.botId,
  }
}
