import { Buffer } from 'node:buffer'
import type { SlackMoment } from './caller.ts'
import { openDirect } from './conversations.ts'
import { newFile, shareFiles } from './files.ts'
import { SLACKBOT } from './ids.ts'
import { csv } from './rules/csv.ts'
import type { Team, User } from './tables.ts'

/** Slackbot sends a person a table as a file, in their conversation with it. */
export function sendCsv(
  moment: SlackMoment,
  to: User,
  name: string,
  rows: readonly Readonly<Record<string, unknown>>[],
  columns?: readonly string[],
): void {
  const slackbot = moment.tables.users.get(SLACKBOT)
  if (!slackbot) return
  const { channel } = openDirect(moment, [to, slackbot])
  const bytes = Buffer.from(csv(rows, columns))
  const team = moment.tables.teams.get(to.teamId) as Team
  const file = newFile(
    moment,
    { kind: 'user', user: slackbot, team, scopes: [] },
    { name, size: bytes.length, mode: 'hosted', uploaded: true, completed: true },
  )
  moment.tables.contents.insert({ id: file.id, bytes })
  shareFiles(moment, { files: [file.id], channels: [channel.id], author: { user: SLACKBOT }, text: '' })
}
