import type { SlackMoment } from './caller.ts'
import { type Notice, sendToApp } from './delivery.ts'
import { type Sharing, shareFiles } from './files.ts'
import { postScheduled } from './operations/scheduled.ts'

/** Work the universe's clock brings back to. */
export const jobs = {
  postScheduled,
  shareFiles: (moment: SlackMoment, sharing: Sharing) => shareFiles(moment, sharing),

  /** A status reached its expiration. */
  clearStatus(moment: SlackMoment, { user }: { user: string }): void {
    const row = moment.tables.users.get(user)
    if (row) moment.tables.users.replace({ ...row, status: { text: '', emoji: '', expiration: 0 } })
  },

  /** No socket was open when an event happened: try again, as a URL would be tried again. */
  socketRetry(
    moment: SlackMoment,
    { appId, notice, attempt }: { appId: string; notice: Notice; attempt: number },
  ): void {
    const app = moment.tables.apps.get(appId)
    if (app?.installed) sendToApp(moment, app, notice, attempt)
  },
}
