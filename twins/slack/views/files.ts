import type { SlackMoment } from '../caller.ts'
import { membersOf } from '../conversations.ts'
import type { File, Message } from '../tables.ts'

/**
 * The file object. Before processing its type is unknown and it is shared nowhere (recorded right after
 * files.completeUploadExternal); `link` builds addresses that lead to the twin.
 */
export function fileView(moment: SlackMoment, file: File, viewer?: string): Record<string, unknown> {
  if (file.mode === 'tombstone') return { id: file.id, mode: 'tombstone' }
  const owner = moment.tables.users.get(file.user)
  const team = moment.tables.teams.get(owner?.teamId ?? '')
  const name = encodeURIComponent(file.name)
  const path = `/files-pri/${team?.id}-${file.id}`
  const isRemote = file.mode === 'external'
  const shares = file.processed ? sharesOf(moment, file) : EMPTY
  return {
    id: file.id,
    created: file.created,
    timestamp: file.created,
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    filetype: file.filetype,
    pretty_type: file.prettyType,
    user: file.user,
    user_team: team?.id,
    editable: file.mode === 'snippet' || file.mode === 'quip',
    size: file.size,
    mode: file.mode,
    is_external: isRemote,
    external_type: isRemote ? 'app' : '',
    is_public: file.processed && shares.channels.length > 0,
    public_url_shared: file.isPublicUrl,
    display_as_bot: false,
    username: '',
    ...(isRemote
      ? { url_private: file.externalUrl, external_id: file.externalId, external_url: file.externalUrl }
      : {}),
    ...(isRemote
      ? {}
      : {
          url_private: moment.link(`${path}/${name}`),
          url_private_download: moment.link(`${path}/download/${name}`),
          media_display_type: mediaType(file),
        }),
    permalink: `https://${team?.domain}.slack.com/files/${file.user}/${file.id}/${name}`,
    ...(isRemote ? {} : { permalink_public: `https://slack-files.com/${team?.id}-${file.id}-${file.publicSecret}` }),
    comments_count: 0,
    is_starred: viewer !== undefined && moment.tables.stars.has(`${viewer}:${file.id}`),
    shares: shares.shares,
    channels: shares.channels,
    groups: shares.groups,
    ims: shares.ims,
    has_more_shares: false,
    has_rich_preview: false,
    file_access: 'visible',
    ...(file.altText ? { alt_txt: file.altText } : {}),
    ...(file.processed ? previewOf(moment, file) : {}),
  }
}

const mediaType = (file: File): string =>
  file.mimetype.startsWith('image/')
    ? 'image'
    : file.mimetype.startsWith('video/')
      ? 'video'
      : file.mimetype.startsWith('audio/')
        ? 'audio'
        : 'unknown'

interface Shares {
  readonly shares: Record<string, Record<string, object[]>>
  readonly channels: string[]
  readonly groups: string[]
  readonly ims: string[]
}
const EMPTY: Shares = { shares: {}, channels: [], groups: [], ims: [] }

function sharesOf(moment: SlackMoment, file: File): Shares {
  const result: Shares = { shares: {}, channels: [], groups: [], ims: [] }
  for (const { channel, ts } of file.shares) {
    const row = moment.tables.conversations.get(channel)
    if (!row) continue
    const list = row.kind === 'public' ? result.channels : row.kind === 'im' ? result.ims : result.groups
    if (!list.includes(channel)) list.push(channel)
    const kind = row.kind === 'public' ? 'public' : 'private'
    const message = moment.tables.messages.get(`${channel}:${ts}`)
    const byChannel = result.shares[kind] ?? {}
    const share = shareOf(message, ts, row.name, row.teamId, file.user)
    byChannel[channel] = [...(byChannel[channel] ?? []), share]
    result.shares[kind] = byChannel
  }
  return result
}

function shareOf(message: Message | undefined, ts: string, channelName: string, teamId: string, user: string): object {
  return {
    reply_users: message?.thread?.users ?? [],
    reply_users_count: message?.thread?.users.length ?? 0,
    reply_count: message?.thread?.count ?? 0,
    ts,
    ...(message?.threadTs && message.threadTs !== ts ? { thread_ts: message.threadTs } : {}),
    channel_name: channelName,
    team_id: teamId,
    share_user_id: user,
    source: 'UNKNOWN',
  }
}

const TEXT_PREVIEW = 1000

function previewOf(moment: SlackMoment, file: File): object {
  const bytes = moment.tables.contents.get(file.id)?.bytes
  if (!bytes || !file.mimetype.startsWith('text/')) return {}
  const text = new TextDecoder().decode(bytes)
  const preview = text.slice(0, TEXT_PREVIEW)
  const lines = text.split(/\r\n|\r|\n/).length
  return {
    edit_link: `${moment.link('')}/files/${file.user}/${file.id}/edit`,
    preview,
    preview_highlight: '',
    lines,
    lines_more: Math.max(0, lines - preview.split(/\r\n|\r|\n/).length),
    preview_is_truncated: text.length > TEXT_PREVIEW,
  }
}

/** A file is seen by its owner, by members of the conversations it is in, and by all where it is in a public one. */
export function canSeeFile(moment: SlackMoment, file: File, user: string | undefined): boolean {
  if (user === file.user) return true
  return file.shares.some(({ channel }) => {
    const row = moment.tables.conversations.get(channel)
    return (
      row?.kind === 'public' || (user !== undefined && row !== undefined && membersOf(moment, channel).includes(user))
    )
  })
}
