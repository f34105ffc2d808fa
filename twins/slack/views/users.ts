import { isAdmin, isGuest, type SlackMoment } from '../caller.ts'
import { SLACKBOT } from '../ids.ts'
import { timeZone } from '../rules/timeZones.ts'
import type { User } from '../tables.ts'

const CDN = 'https://a.slack-edge.com/80588/img'
const SIZES = [24, 32, 48, 72, 192, 512] as const

/** Who looks: decides on e-mail addresses and admin-only facts. */
export interface Viewer {
  readonly email: boolean
  readonly self?: string
  readonly admin?: boolean
  readonly locale?: boolean
  readonly presence?: boolean
  /** users.profile.get has custom fields even when there are none. */
  readonly fields?: boolean
}

const slackbotImages = (size: number) =>
  size === 192
    ? 'https://a.slack-edge.com/80588/marketing/img/avatars/slackbot/avatar-slackbot.png'
    : `${CDN}/slackbot_${size}.png`

const image = (user: User, size: number): string => {
  if (user.id === SLACKBOT) return slackbotImages(size)
  if (user.isBot) return `https://a.slack-edge.com/80588/img/plugins/app/bot_${size}.png`
  return `https://secure.gravatar.com/avatar/${user.avatarHash}.jpg?s=${size}&d=https%3A%2F%2Fa.slack-edge.com%2Fdf10d%2Fimg%2Favatars%2Fava_0009-${size}.png`
}

/** A profile as users.profile.get and the user object show it. */
export function profileView(user: User, viewer: Viewer): object {
  const [first = '', ...rest] = user.realName.split(' ')
  const sizes = user.hasPhoto ? [...SIZES, 1024] : SIZES
  return {
    title: user.title,
    phone: user.phone,
    skype: '',
    real_name: user.realName,
    real_name_normalized: ascii(user.realName),
    display_name: user.displayName,
    display_name_normalized: ascii(user.displayName),
    ...(viewer.fields || Object.keys(user.fields).length > 0 ? { fields: user.fields } : {}),
    status_text: user.status.text,
    status_emoji: user.status.emoji,
    status_emoji_display_info: [],
    status_expiration: user.status.expiration,
    avatar_hash: user.avatarHash,
    ...(user.id === SLACKBOT || user.isBot ? { always_active: user.id === SLACKBOT } : {}),
    ...(user.isBot ? { api_app_id: user.appId ?? '', bot_id: user.botId } : {}),
    ...(user.hasPhoto ? { image_original: image(user, 1024), is_custom_image: true } : {}),
    ...(viewer.email && user.email !== undefined ? { email: user.email } : {}),
    first_name: user.id === SLACKBOT ? 'slackbot' : first,
    last_name: rest.join(' '),
    ...Object.fromEntries(sizes.map((size) => [`image_${size}`, image(user, size)])),
    status_text_canonical: '',
    team: user.teamId,
  }
}

const ascii = (name: string): string => name.normalize('NFD').replace(/\p{M}/gu, '')

/** The user object. A deactivated user loses colour, time zone and roles. */
export function userView(user: User, viewer: Viewer, now: number): object {
  const head = {
    id: user.id,
    name: user.name,
    is_bot: user.isBot,
    updated: user.updated,
    is_app_user: false,
    team_id: user.teamId,
    deleted: user.deleted,
  }
  const profile = profileView(user, viewer)
  if (user.deleted) return { ...head, profile }
  const zone = timeZone(user.tz, now)
  return {
    ...head,
    color: user.color,
    is_email_confirmed: user.email !== undefined,
    real_name: user.realName,
    tz: user.tz,
    tz_label: zone.label,
    tz_offset: zone.offset,
    is_admin: isAdmin(user),
    is_owner: user.role === 'owner' || user.role === 'primary_owner',
    is_primary_owner: user.role === 'primary_owner',
    is_restricted: isGuest(user),
    is_ultra_restricted: user.role === 'single_channel_guest',
    who_can_share_contact_card: 'EVERYONE',
    profile,
    ...(viewer.self === user.id || viewer.admin ? { has_2fa: false } : {}),
    ...(viewer.locale ? { locale: 'en-US' } : {}),
    ...(viewer.presence ? { presence: presenceOf(user) } : {}),
  }
}

/** What others see: `active` while someone is there. */
export const presenceOf = (user: User): 'active' | 'away' =>
  user.presence === 'away' || user.deleted ? 'away' : 'active'

/** `bot` of bots.info and `bot_profile` of messages. */
export function botView(moment: SlackMoment, botId: string): object | undefined {
  const app = moment.tables.apps.scan('bot', { prefix: botId }).next().value
  if (!app) return undefined
  return {
    id: botId,
    deleted: !app.installed,
    name: app.name,
    updated: app.updated,
    app_id: app.id,
    ...(app.botUserId ? { user_id: app.botUserId } : {}),
    icons: app.icon
      ? { image_36: app.icon, image_48: app.icon, image_72: app.icon }
      : {
          image_36: 'https://a.slack-edge.com/80588/img/plugins/app/bot_36.png',
          image_48: 'https://a.slack-edge.com/80588/img/plugins/app/bot_48.png',
          image_72: 'https://a.slack-edge.com/80588/img/plugins/app/service_72.png',
        },
  }
}
