import { content, created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, nextId, reader, requireAdmin } from '../context.ts'
import { badRequest, notFound } from '../errors.ts'
import { visibleProject } from '../rules/issues/find.ts'
import type { Avatar } from '../tables.ts'
import { avatarUrl } from '../views/configuration.ts'
import { checkXsrf } from './attachments.ts'
import { operations } from './define.ts'
import { administered } from './projects.ts'
import { bodyOf } from './shared.ts'

const range = (from: number, count: number) => Array.from({ length: count }, (_, at) => String(from + at))

/** Avatars that come with Jira, by type. */
const SYSTEM: Readonly<Record<string, readonly string[]>> = {
  project: range(10_400, 28),
  issuetype: range(10_300, 24),
  user: range(10_334, 24),
  priority: range(10_550, 12),
}

const SIZES = [
  ['16x16', 'xsmall'],
  ['24x24', 'small'],
  ['32x32', 'medium'],
  ['48x48', undefined],
] as const

function urls(call: JiraCall, type: string, id: string, custom: boolean) {
  const link = (size: string | undefined) =>
    custom
      ? avatarUrl(reader(call), type, id, size)
      : `/secure/viewavatar?${size ? `size=${size}&` : ''}avatarId=${id}&avatarType=${type}`
  return Object.fromEntries(SIZES.map(([name, size]) => [name, link(size)]))
}

const systemView = (call: JiraCall, type: string, id: string, selected?: string) => ({
  id,
  isSystemAvatar: true,
  isSelected: id === selected,
  isDeletable: false,
  urls: urls(call, type, id, false),
})

const customView = (call: JiraCall, avatar: Avatar, selected?: string) => ({
  id: avatar.id,
  owner: avatar.owner,
  isSystemAvatar: false,
  isSelected: avatar.id === selected,
  isDeletable: true,
  urls: urls(call, avatar.type, avatar.id, true),
})

/** An unknown type has no avatars, an unknown owner the system's (seen live). */
function avatarsOf(call: JiraCall, type: string, owner: string) {
  const selected =
    type === 'project'
      ? call.tables.projects.get(owner)?.avatarId
      : String(call.tables.issueTypes.get(owner)?.avatarId ?? '')
  return {
    system: (SYSTEM[type] ?? []).map((id) => systemView(call, type, id, selected)),
    custom: call.tables.avatars.where('owner', [type, owner]).map((avatar) => customView(call, avatar, selected)),
  }
}

const isImage = (bytes: Uint8Array) => {
  const head = Buffer.from(bytes.slice(0, 8)).toString('latin1')
  return head.startsWith('\x89PNG') || head.startsWith('\xff\xd8') || head.startsWith('GIF8')
}

function store(call: JiraCall, type: Avatar['type'], owner: string) {
  checkXsrf(call)
  const { bytes } = call.request
  if (!isImage(bytes)) throw badRequest('The uploaded file is not an image.')
  const mimeType = (call.request.header('content-type') ?? 'image/png').split(';')[0] as string
  const avatar = call.tables.avatars.insert({
    id: nextId(call, 'avatar', 10_600),
    type,
    owner,
    mimeType: mimeType.startsWith('image/') ? mimeType : 'image/png',
    bytes,
  })
  return created(customView(call, avatar))
}

/** The picture of a system avatar: a disc whose colour is the id's. */
function drawn(id: string) {
  const hue = (Number(id) * 47) % 360
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48" viewBox="0 0 48 48"><circle cx="24" cy="24" r="24" fill="hsl(${hue},60%,50%)"/></svg>`
  return content(svg, 'image/svg+xml')
}

function image(call: JiraCall, type: string, id: string) {
  const custom = call.tables.avatars.get(id)
  if (custom) return content(custom.bytes, `${custom.mimeType};charset=utf-8`)
  if (!SYSTEM[type]?.includes(id)) throw notFound(`The avatar with id '${id}' does not exist.`)
  return drawn(id)
}

function removeAvatar(call: JiraCall, owner: string, id: number) {
  const avatar = call.tables.avatars.get(String(id))
  if (avatar?.owner !== owner) throw notFound(`The avatar with id '${id}' does not exist.`)
  call.tables.avatars.remove(avatar.id)
  return noContent()
}

export const avatars = operations({
  getAllSystemAvatars: (call) =>
    ok({ system: (SYSTEM[call.params.type] ?? []).map((id) => systemView(call, call.params.type, id)) }),
  getAvatars: (call) => ok(avatarsOf(call, call.params.type, call.params.entityId)),
  storeAvatar(call) {
    requireAdmin(call)
    return store(call, call.params.type, call.params.entityId)
  },
  deleteAvatar(call) {
    requireAdmin(call)
    return removeAvatar(call, call.params.owningObjectId, call.params.id)
  },
  getAvatarImageByType: (call) => image(call, call.params.type, SYSTEM[call.params.type]?.[0] ?? ''),
  getAvatarImageByID: (call) => image(call, call.params.type, String(call.params.id)),
  getAvatarImageByOwner(call) {
    const { type, entityId } = call.params
    const id =
      type === 'project'
        ? call.tables.projects.get(entityId)?.avatarId
        : String(call.tables.issueTypes.get(entityId)?.avatarId ?? SYSTEM[type]?.[0])
    if (id === undefined) throw notFound('The owner of the avatar does not exist.')
    return image(call, type, id)
  },

  getAllProjectAvatars(call) {
    const project = visibleProject(call, call.params.projectIdOrKey)
    return ok(avatarsOf(call, 'project', project.id))
  },
  createProjectAvatar: (call) => store(call, 'project', visibleProject(call, call.params.projectIdOrKey).id),
  updateProjectAvatar(call) {
    const project = administered(call, call.params.projectIdOrKey)
    const id = String(bodyOf(call).id ?? '')
    if (!SYSTEM.project?.includes(id) && !call.tables.avatars.has(id))
      throw notFound(`The avatar with id '${id}' does not exist.`)
    call.tables.projects.patch(project.id, { avatarId: id })
    return noContent()
  },
  deleteProjectAvatar: (call) =>
    removeAvatar(call, visibleProject(call, call.params.projectIdOrKey).id, call.params.id),
  createIssueTypeAvatar(call) {
    requireAdmin(call)
    if (!call.tables.issueTypes.has(call.params.id)) throw notFound('The issue type does not exist.')
    return store(call, 'issuetype', call.params.id)
  },
})
