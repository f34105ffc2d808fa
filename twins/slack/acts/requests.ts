import { z } from 'zod'
import { fail } from '../errors.ts'
import { announce } from '../events.ts'
import { newId, seconds } from '../ids.ts'
import { act, channel, ownPlace, person, user } from './people.ts'

const TWO_WEEKS = 14 * 86_400

/** What people ask administrators for. */
export const requestActs = {
  /** Asks that somebody outside be invited to a channel. */
  requestSharedInvite: act(
    z.strictObject({ user, channel, email: z.string(), external_limited: z.boolean().default(true) }),
    (moment, input) => {
      const me = person(moment, input.user)
      const where = ownPlace(moment, me, input.channel)
      const now = seconds(moment.now)
      const row = moment.tables.connectRequests.insert({
        id: newId(moment.random, 'invite'),
        channel: where.id,
        teamId: me.teamId,
        requester: me.id,
        email: input.email,
        externalLimited: input.external_limited,
        status: 'pending',
        created: now,
        updated: now,
        expires: now + TWO_WEEKS,
      })
      announce(moment, {
        type: 'shared_channel_invite_requested',
        actor: { id: me.id, name: me.name, is_bot: me.isBot, team_id: me.teamId, real_name: me.realName },
        channel_id: where.id,
        channel_name: where.name,
        channel_type: where.kind,
        target_users: [{ email: input.email, invite_id: row.id }],
        is_external_limited: row.externalLimited,
        channel_date_created: where.created,
      })
      return { ok: true, invite_id: row.id }
    },
  ),

  /** Asks for an app to be allowed. */
  requestApp: act(z.strictObject({ user, app: z.string(), message: z.string().default('') }), (moment, input) => {
    const me = person(moment, input.user)
    if (!moment.tables.apps.has(input.app)) throw fail('app_not_found')
    const row = moment.tables.appRequests.insert({
      id: newId(moment.random, 'appRequest'),
      appId: input.app,
      teamId: me.teamId,
      user: me.id,
      message: input.message,
      created: seconds(moment.now),
      status: 'pending',
    })
    announce(moment, {
      type: 'app_requested',
      app_request: { id: row.id, app: { id: row.appId }, user: { id: me.id } },
    })
    return { ok: true, request_id: row.id }
  }),

  /** Asks administrators to invite somebody to the workspace. */
  requestInvite: act(
    z.strictObject({ user, email: z.string(), channels: z.array(channel).default([]) }),
    (moment, input) => {
      const me = person(moment, input.user)
      const row = moment.tables.inviteRequests.insert({
        id: newId(moment.random, 'invite'),
        email: input.email,
        teamId: me.teamId,
        requestedBy: me.id,
        channels: input.channels.map((name) => ownPlace(moment, me, name).id),
        created: seconds(moment.now),
        status: 'pending',
      })
      const request = {
        id: row.id,
        email: row.email,
        date_created: row.created,
        requester_ids: [me.id],
        channel_ids: row.channels,
      }
      announce(moment, { type: 'invite_requested', invite_request: { ...request, invite_type: 'full_member' } })
      return { ok: true, invite_request_id: row.id }
    },
  ),
}
