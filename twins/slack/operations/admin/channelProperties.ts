import type { SlackCall } from '../../caller.ts'
import { done, fail } from '../../errors.ts'
import { flag, json, limit, list } from '../../rules/arguments.ts'
import { offsetPage } from '../../rules/cursors.ts'
import { operations } from '../define.ts'
import { administrator, orgTeams } from './gate.ts'

/** Properties of many channels at once, and what is left of channels whose connection was cut. */

/** Sets one property on channels. Those that do not exist are named, and refuse the whole when there are no others. */
function setOnAll(call: SlackCall, excludedFromAi: boolean, key: 'not_added' | 'not_updated') {
  const ids = list((call.query as { channel_ids?: unknown }).channel_ids)
  const { conversations } = call.tables
  const isChannel = (id: string) => ['public', 'private'].includes(conversations.get(id)?.kind ?? '')
  const known = ids.filter(isChannel)
  if (known.length === 0) throw fail('no_valid_channels')
  for (const id of known) conversations.patch(id, { excludedFromAi, updated: call.now })
  const bad = ids.filter((id) => !isChannel(id))
  return done({
    bulk_action_id: String(call.sequence('bulk', 1000)),
    [key]: bad.map((id) => ({ channel_id: id, errors: ['invalid_channel'] })),
  })
}

export const adminChannelProperties = operations({
  'admin.conversations.bulkSetExcludeFromSlackAi': (call) => {
    administrator(call)
    return setOnAll(call, flag(call.query.exclude), 'not_added')
  },

  'admin.conversations.bulkSetProperties': (call) => {
    administrator(call)
    const property = json(call.query.property)
    if (typeof property !== 'object' || property === null || Array.isArray(property)) throw fail('invalid_arguments')
    const [entry, ...others] = Object.entries(property)
    if (others.length > 0) throw fail('too_many_properties')
    if (entry?.[0] !== 'exclude_from_slack_ai') throw fail('property_not_allowed')
    return setOnAll(call, flag(entry[1]), 'not_updated')
  },

  /** Copies that workspaces of the organisation kept, with what they were copies of. */
  'admin.conversations.ekm.listOriginalConnectedChannelInfo': (call) => {
    administrator(call)
    const { query } = call
    const channels = list(query.channel_ids)
    const teams = list(query.team_ids)
    const rows = call.tables.conversations.all().flatMap(({ id, teamId, original }) => {
      const isOurs = orgTeams(call).some((team) => team.id === teamId)
      const isWanted =
        (channels.length === 0 || channels.includes(id)) && (teams.length === 0 || teams.includes(teamId))
      if (!original || !isOurs || !isWanted) return []
      const { channel, host } = original
      return [
        { id, internal_team_ids: [teamId], original_connected_channel_id: channel, original_connected_host_id: host },
      ]
    })
    const page = offsetPage(rows, limit(query.limit, 100, 1000), query.cursor)
    return done({ channels: page.items, response_metadata: { next_cursor: page.next } })
  },
})
