import { type SlackCall, sameOrg } from '../caller.ts'
import { disconnect } from '../connections.ts'
import { done, fail } from '../errors.ts'
import { limit, list, text } from '../rules/arguments.ts'
import { offsetPage } from '../rules/cursors.ts'
import { timestampSeconds } from '../rules/timestamps.ts'
import type { Conversation, Team } from '../tables.ts'
import { operations } from './define.ts'

/** Organisations that share channels with this one, or did. */

const isOurs = (call: SlackCall, teamId: string): boolean => sameOrg(call, teamId, call.caller.team.id)

/** Workspaces on the other side of a channel. */
function otherSides(call: SlackCall, channel: Conversation): string[] {
  const connected = channel.connectedTeams ?? []
  if (isOurs(call, channel.teamId)) return connected.filter((id) => !isOurs(call, id))
  return connected.some((id) => isOurs(call, id))
    ? [channel.teamId, ...connected.filter((id) => !isOurs(call, id))]
    : []
}

const sharedWith = (call: SlackCall, teamId: string): Conversation[] =>
  call.tables.conversations.all().filter((channel) => otherSides(call, channel).includes(teamId))

/** Every organisation that ever accepted an invitation of ours, or sent one we accepted. */
function partners(call: SlackCall): Team[] {
  const sides = call.tables.connectInvites
    .all()
    .flatMap(({ hostTeam, targetTeam }) => (targetTeam === undefined ? [] : [[hostTeam, targetTeam]]))
    .filter((pair) => pair.some((id) => isOurs(call, id)))
  const ids = new Set(sides.flat().filter((id) => !isOurs(call, id)))
  return [...ids].flatMap((id) => call.tables.teams.get(id) ?? [])
}

function lastActive(call: SlackCall, channels: readonly Conversation[]): number {
  const latest = channels.map(
    ({ id }) => call.tables.messages.scan('channel', { prefix: id, reverse: true }).next().value?.ts,
  )
  return Math.max(0, ...latest.map((ts) => (ts === undefined ? 0 : timestampSeconds(ts))))
}

function partnerView(call: SlackCall, team: Team) {
  const channels = sharedWith(call, team.id)
  const number = (kind: Conversation['kind']) => channels.filter((channel) => channel.kind === kind).length
  const { id, name } = call.caller.team
  return {
    team_id: team.id,
    team_name: team.name,
    team_domain: team.domain,
    public_channel_count: number('public'),
    private_channel_count: number('private'),
    im_channel_count: number('im'),
    mpim_channel_count: number('mpim'),
    connected_workspaces: channels.length > 0 ? [{ workspace_id: id, workspace_name: name }] : [],
    slack_connect_prefs: {},
    connection_status: channels.length > 0 ? 'CONNECTED' : 'DISCONNECTED',
    last_active_timestamp: lastActive(call, channels),
    is_sponsored: team.plan === 'free',
  }
}

type Partner = ReturnType<typeof partnerView>

const SORTS: Readonly<Record<string, (a: Partner, b: Partner) => number>> = {
  team_name: (a, b) => a.team_name.localeCompare(b.team_name),
  last_active_timestamp: (a, b) => a.last_active_timestamp - b.last_active_timestamp,
  connection_status: (a, b) => a.connection_status.localeCompare(b.connection_status),
}

export const externalTeams = operations({
  'team.externalTeams.list': (call) => {
    const { query } = call
    const workspaces = list(query.workspace_filter)
    if (workspaces.some((id) => !isOurs(call, id))) throw fail('invalid_workspace_filter')
    const status = text(query.connection_status_filter)
    const compare = SORTS[text(query.sort_field) ?? 'team_name']
    const rows = partners(call)
      .map((team) => partnerView(call, team))
      .filter((row) => status === undefined || row.connection_status === status)
      .sort(compare)
    if (query.sort_direction === 'desc') rows.reverse()
    const page = offsetPage(rows, limit(query.limit, 20, 1000), query.cursor)
    return done({ organizations: page.items, total_count: rows.length, response_metadata: { next_cursor: page.next } })
  },

  /** Every channel shared with the organisation is cut. */
  'team.externalTeams.disconnect': (call) => {
    const target = String(call.query.target_team)
    const channels = sharedWith(call, target)
    if (channels.length === 0) throw fail('invalid_target_team')
    for (const channel of channels) {
      const leaving =
        channel.teamId === target ? (channel.connectedTeams ?? []).filter((id) => isOurs(call, id)) : [target]
      leaving.reduce((row, team) => disconnect(call, row, team), channel)
    }
    return done({ job_enqueued: true })
  },
})
