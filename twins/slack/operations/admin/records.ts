import type { SlackCall } from '../../caller.ts'
import { addMember, newConversation } from '../../conversations.ts'
import { done, fail } from '../../errors.ts'
import { channelCreated } from '../../membership.ts'
import { requireChannelName } from '../../rules/channelNames.ts'
import type { Conversation } from '../../tables.ts'
import { operations } from '../define.ts'
import { administrator, orgChannel } from './gate.ts'

/** Channels about Salesforce records. */

/** Ids of Salesforce have 15 characters, or 18 with a checksum that does not matter here. */
const shortId = (value: unknown): string => String(value).slice(0, 15)
const isRecord = (id: string): boolean => /^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$/.test(id)

interface RecordQuery {
  readonly object_id?: string
  readonly record_id?: string
  readonly salesforce_org_id?: string
}

/** The record a call names, when no other channel is about it. */
function freeRecord(call: SlackCall, taken: string): NonNullable<Conversation['record']> {
  const { object_id, record_id, salesforce_org_id: org } = call.query as RecordQuery
  const id = String(object_id ?? record_id)
  if (!isRecord(id)) throw fail('record_not_found')
  if (!isRecord(String(org)) || !String(org).startsWith('00D'))
    throw fail(object_id ? 'invalid_org_id' : 'config_not_found')
  const record = { id: shortId(id), org: shortId(org) }
  const other = call.tables.conversations
    .rows()
    .find((row) => row.record?.id === record.id && row.record.org === record.org)
  if (other) throw fail(taken)
  return record
}

export const adminRecords = operations({
  'admin.conversations.createForObjects': (call) => {
    const user = administrator(call)
    const record = freeRecord(call, 'channel_already_exists')
    const channel = newConversation(call, {
      kind: 'public',
      name: requireChannelName(call, call.caller.team.id, `record-${record.id.toLowerCase()}`),
      creator: user.id,
      teamId: call.caller.team.id,
      record,
    })
    addMember(call, channel.id, user.id)
    channelCreated(call, channel, user)
    return done({ channel_id: channel.id })
  },

  'admin.conversations.linkObjects': (call) => {
    administrator(call)
    const channel = orgChannel(call, String(call.query.channel))
    if (channel.archived) throw fail('channel_is_archived')
    if (channel.record) throw fail('channel_already_exists')
    if ((channel.connectedTeams?.length ?? 0) > 0) throw fail('record_channel_cannot_be_externally_shared')
    const record = freeRecord(call, 'record_channel_already_exists')
    call.tables.conversations.replace({ ...channel, record, updated: call.now })
    return done()
  },

  'admin.conversations.unlinkObjects': (call) => {
    administrator(call)
    const { record, ...channel } = orgChannel(call, String(call.query.channel))
    if (!record) throw fail('channel_not_found')
    const name = requireChannelName(call, channel.teamId, call.query.new_name, channel.id)
    const previousNames = [channel.name, ...channel.previousNames]
    call.tables.conversations.replace({ ...channel, name, previousNames, updated: call.now })
    return done()
  },
})
