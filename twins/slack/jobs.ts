import type { DeliveryResult } from '../../shared/server/outbox.ts'
import type { SlackMoment } from './caller.ts'
import { type Notice, sendToApp } from './delivery.ts'
import { type Sharing, shareFiles } from './files.ts'
import { answered } from './interactions.ts'
import { remind } from './operations/reminders.ts'
import { postScheduled } from './operations/scheduled.ts'

/** Work the universe's clock brings back to, and answers of apps to what they were sent. */
export const jobs = {
  postScheduled,
  remind,
  shareFiles: (moment: SlackMoment, sharing: Sharing) => shareFiles(moment, sharing),

  /** A status reached its expiration. */
  clearStatus(moment: SlackMoment, { user }: { user: string }): void {
    const row = moment.tables.users.get(user)
    if (row) moment.tables.users.replace({ ...row, status: { text: '', emoji: '', expiration: 0 } })
  },

  /** Nobody touched a stream for minutes: it is over. */
  endStream(moment: SlackMoment, { channel, ts }: { channel: string; ts: string }): void {
    const row = moment.tables.messages.get(`${channel}:${ts}`)
    if (row?.stream) moment.tables.messages.replace({ ...row, stream: { ...row.stream, state: 'completed' } })
  },

  /** No socket was open when an event happened: try again, as a URL would be tried again. */
  socketRetry(
    moment: SlackMoment,
    { appId, notice, attempt }: { appId: string; notice: Notice; attempt: number },
  ): void {
    const app = moment.tables.apps.get(appId)
    if (app?.installed) sendToApp(moment, app, notice, attempt)
  },

  /** An app answered an interaction or a command. */
  answered(moment: SlackMoment, { delivery, status, body, reason }: DeliveryResult): void {
    const { interactionId } = delivery.context as { interactionId: string }
    const row = moment.tables.interactions.get(interactionId)
    if (row) answered(moment, row, { status, body, ...(reason ? { reason } : {}) })
  },

  /** An app answered `url_verification`: the challenge as text, in a form, or in JSON. */
  verified(moment: SlackMoment, { delivery, status, body }: DeliveryResult): void {
    const { appId, challenge } = delivery.context as { appId: string; challenge: string }
    if (status >= 200 && status < 300 && body.includes(challenge))
      moment.tables.apps.patch(appId, { requestUrlVerified: true })
  },
}
