import { z } from 'zod'
import type { Moment, Person } from '../../shared/kernel/twin.ts'
import { addPeople, giveDefaultTokens } from '../google/defaults.ts'
import { addRevision, createFile, storeBlob } from '../google/files.ts'
import { FOLDER, isAppsType, newCommentId, newDriveId } from '../google/ids.ts'
import type { File, Role } from '../google/tables.ts'
import { DAY } from '../google/time.ts'
import { contentTypeOf } from '../google/types.ts'
import { ensureUser } from '../google/users.ts'
import { typeOfName } from './rules/formats.ts'
import { themeOf } from './rules/themes.ts'
import type { DriveTables } from './tables.ts'

const role = z.enum(['owner', 'organizer', 'fileOrganizer', 'writer', 'commenter', 'reader'])

const grant = z.strictObject({
  /** An e-mail, a domain, or `anyone`. */
  to: z.string(),
  role: role.default('reader'),
})

const APPS = {
  folder: FOLDER,
  document: 'application/vnd.google-apps.document',
  spreadsheet: 'application/vnd.google-apps.spreadsheet',
}

const fileBase = z.strictObject({
  /** Chosen where something outside must know it; otherwise the twin makes one. */
  id: z.string().optional(),
  name: z.string(),
  /** `folder`, `document`, `spreadsheet`, or any MIME type. Without it the name's extension decides. */
  type: z.string().optional(),
  owner: z.email().optional(),
  description: z.string().optional(),
  /** Text of a blob, or of an import: Markdown for a document, CSV for a spreadsheet. */
  content: z.string().optional(),
  starredBy: z.array(z.email()).optional(),
  /** How long ago, in days. */
  age: z.number().min(0).optional(),
  trashed: z.boolean().optional(),
  share: z.array(grant).optional(),
  comments: z
    .array(z.strictObject({ author: z.email(), content: z.string(), resolved: z.boolean().optional() }))
    .optional(),
})

type FileFixture = z.infer<typeof fileBase> & { files?: FileFixture[] }

const file: z.ZodType<FileFixture> = z.lazy(() => fileBase.extend({ files: z.array(file).optional() }))

/** Drive's section of a fixture: the tree of files that Docs, Drive and Sheets share. */
export const driveFixture = z.strictObject({
  /** Whose the ready-made access token is. */
  defaultUser: z.email().optional(),
  groups: z.array(z.strictObject({ email: z.email(), name: z.string(), members: z.array(z.email()) })).optional(),
  files: z.array(file).optional(),
  drives: z
    .array(
      z.strictObject({
        id: z.string().optional(),
        name: z.string(),
        theme: z.string().optional(),
        members: z.array(grant),
        files: z.array(file).optional(),
      }),
    )
    .optional(),
  labels: z
    .array(
      z.strictObject({
        id: z.string(),
        title: z.string(),
        fields: z.record(
          z.string(),
          z.strictObject({ title: z.string(), type: z.enum(['text', 'integer', 'dateString', 'user', 'selection']) }),
        ),
      }),
    )
    .optional(),
  /** Requests for access, by the name of a file. */
  accessProposals: z
    .array(
      z.strictObject({
        file: z.string(),
        requester: z.email(),
        role: role.default('reader'),
        message: z.string().optional(),
      }),
    )
    .optional(),
})

type DriveFixture = z.infer<typeof driveFixture>
type DriveMoment = Moment<DriveTables>

/** Adds people as accounts, then the section's groups, drives and files. */
export function seedDrive(moment: DriveMoment, people: readonly Person[], section: unknown): void {
  addPeople(moment, people)
  const fixture = (section ?? {}) as DriveFixture
  if (fixture.defaultUser) giveDefaultTokens(moment, ensureUser(moment, fixture.defaultUser))
  for (const { email, name, members } of fixture.groups ?? []) {
    moment.tables.groups.insert({ id: moment.random.text(20, '0123456789'), email, displayName: name, members })
  }
  for (const { id, title, fields } of fixture.labels ?? [])
    moment.tables.labels.insert({ id, revisionId: '1', title, fields })
  for (const one of fixture.files ?? []) seedFile(moment, one, fixture.defaultUser)
  for (const { id = newDriveId(moment.random), name, theme, members, files = [] } of fixture.drives ?? []) {
    seedSharedDrive(moment, id, name, theme)
    for (const member of members) share(moment, id, member)
    const organizer = members.find((member) => member.role === 'organizer')?.to
    for (const one of files) seedFile(moment, one, organizer, { parentId: id, driveId: id })
  }
  for (const { file: name, requester, role: asked, message } of fixture.accessProposals ?? []) {
    const target = moment.tables.files.all().find((one) => one.name === name)
    if (!target) throw new Error(`Fixture: no file named ${name}`)
    moment.tables.accessProposals.insert({
      fileId: target.id,
      id: moment.random.text(20, '0123456789'),
      requesterEmail: requester,
      recipientEmail: requester,
      role: asked,
      createTime: moment.now,
      ...(message !== undefined && { message }),
    })
  }
}

function seedSharedDrive(moment: DriveMoment, id: string, name: string, theme = 'abacus'): void {
  const {
    id: themeId,
    colorRgb,
    backgroundImageLink,
  } = themeOf(theme) ?? { id: theme, colorRgb: '#ea6100', backgroundImageLink: '' }
  const createdTime = moment.now - 30 * DAY
  moment.tables.drives.insert({
    id,
    name,
    createdTime,
    hiddenBy: [],
    themeId,
    colorRgb,
    backgroundImageLink,
    restrictions: {},
  })
  moment.tables.files.insert({
    id,
    name,
    mimeType: FOLDER,
    driveId: id,
    space: 'drive',
    createdTime,
    modifiedTime: createdTime,
    version: 1,
  })
}

interface Place {
  readonly parentId?: string
  readonly driveId?: string
}

function seedFile(
  moment: DriveMoment,
  fixture: FileFixture,
  inheritedOwner: string | undefined,
  place: Place = {},
): void {
  const { name, type, content, age = 0, description, id } = fixture
  const email = fixture.owner ?? inheritedOwner ?? moment.tables.users.rows().next().value?.email
  if (email === undefined) throw new Error(`Fixture: ${name} has no owner`)
  const owner = ensureUser(moment, email)
  const mimeType = fixture.files
    ? FOLDER
    : ((type && (APPS[type as 'folder'] ?? type)) ?? typeOfName(name) ?? 'text/plain')
  const at = moment.now - Math.round(age * DAY)
  const created = createFile(moment, {
    ...(id !== undefined && { id }),
    ...place,
    name,
    mimeType,
    owner,
    createdTime: at,
    modifiedTime: at,
    ...(description !== undefined && { description }),
    ...(fixture.trashed && { trashed: { at: moment.now, by: owner.id } }),
  })
  fill(moment, created, content)
  for (const one of fixture.share ?? []) share(moment, created.id, one, owner.id)
  for (const starrer of fixture.starredBy ?? []) {
    const { id: userId } = ensureUser(moment, starrer)
    moment.tables.viewings.put({
      ...moment.tables.viewings.get(`${created.id}/${userId}`),
      fileId: created.id,
      userId,
      starred: true,
    })
  }
  for (const [i, comment] of (fixture.comments ?? []).entries()) {
    moment.tables.comments.insert({
      fileId: created.id,
      id: newCommentId(moment.random),
      order: i + 1,
      authorId: ensureUser(moment, comment.author).id,
      createdTime: at,
      modifiedTime: at,
      content: comment.content,
      ...(comment.resolved !== undefined && { resolved: comment.resolved }),
      deleted: false,
      replies: [],
    })
  }
  for (const child of fixture.files ?? [])
    seedFile(moment, child, email, { ...(place.driveId && { driveId: place.driveId }), parentId: created.id })
}

/** Source types of imports in fixtures. */
const SOURCES: Readonly<Record<string, string>> = { [APPS.document]: 'text/markdown', [APPS.spreadsheet]: 'text/csv' }

function fill(moment: DriveMoment, file: File, content: string | undefined): void {
  const kind = contentTypeOf(file.mimeType)
  kind?.create(moment, file)
  const source = SOURCES[file.mimeType]
  if (content !== undefined && kind && source) kind.import(moment, file, source, Buffer.from(content))
  if (isAppsType(file.mimeType)) return
  const withBlob = { ...file, blob: storeBlob(moment, Buffer.from(content ?? '')), originalFilename: file.name }
  const owner = file.lastModifyingUserId === undefined ? undefined : moment.tables.users.get(file.lastModifyingUserId)
  moment.tables.files.replace({ ...withBlob, headRevisionId: addRevision(moment, withBlob, owner) })
}

function share(
  moment: DriveMoment,
  fileId: string,
  { to, role: given }: { to: string; role: Role },
  sharingUserId?: string,
): void {
  const { permissions, groups, viewings } = moment.tables
  if (to === 'anyone') {
    permissions.put({ fileId, id: 'anyoneWithLink', type: 'anyone', role: given, allowFileDiscovery: false })
    return
  }
  if (!to.includes('@')) {
    permissions.put({
      fileId,
      id: `${moment.random.text(20, '0123456789')}k`,
      type: 'domain',
      domain: to,
      role: given,
      allowFileDiscovery: false,
    })
    return
  }
  const group = groups.by('email', to)
  if (group) permissions.put({ fileId, id: group.id, type: 'group', email: to, role: given })
  else {
    const user = ensureUser(moment, to)
    permissions.put({ fileId, id: user.id, type: 'user', email: user.email, role: given })
    viewings.put({
      ...viewings.get(`${fileId}/${user.id}`),
      fileId,
      userId: user.id,
      sharedWithMeTime: moment.now,
      ...(sharingUserId && { sharingUserId }),
    })
  }
}
