import { BASE64URL, HEX, type Random } from '../../shared/universe/random.ts'

/** Shapes of Google's ids as seen on the wire. Each takes the universe's chance, so forks repeat them. */

const DIGITS = '0123456789'

/** 33 characters for blobs, folders and shortcuts, 44 for Docs Editors files; both begin with `1`. */
export const newFileId = (random: Random, mimeType: string): string =>
  `1${random.text(isEditorType(mimeType) ? 43 : 32, BASE64URL)}`

/** A My Drive root or a shared drive: 19 characters, `0A` to `Uk9PVA`. */
export const newDriveId = (random: Random): string => `0A${random.text(11, BASE64URL)}Uk9PVA`

/** A person's permission id, the same on every file: 20 digits, zero-padded. */
export const newPermissionId = (random: Random): string => `${random.integer(2)}${random.text(19, DIGITS)}`

/** A service account's or OAuth user's numeric subject: 21 digits. */
export const newSubject = (random: Random): string => `1${random.text(20, DIGITS)}`

/** Comments and replies: `AAAB1pgkMx4`. */
export const newCommentId = (random: Random): string => `AAAB${random.text(7, BASE64URL)}`

/** Head revisions of blobs: opaque, beginning `0B`. Editors files count 1, 2, 3. */
export const newRevisionId = (random: Random): string => `0B${random.text(50, BASE64URL)}`

export const newAccessToken = (random: Random): string => `ya29.a0${random.text(150, BASE64URL)}`
export const newRefreshToken = (random: Random): string => `1//0${random.text(88, BASE64URL)}`
export const newAuthorizationCode = (random: Random): string => `4/0A${random.text(58, BASE64URL)}`
/** 39 characters once the universe's tag of ten is appended. */
export const newApiKey = (random: Random): string => `AIzaSy${random.text(23, BASE64URL)}`
export const newKeyId = (random: Random): string => random.text(40, HEX)

const EDITOR_TYPES = new Set(['document', 'spreadsheet', 'presentation', 'drawing', 'form', 'script', 'site', 'vid'])
const APPS_PREFIX = 'application/vnd.google-apps.'

export const FOLDER = `${APPS_PREFIX}folder`
export const SHORTCUT = `${APPS_PREFIX}shortcut`
export const DOCUMENT = `${APPS_PREFIX}document`
export const SPREADSHEET = `${APPS_PREFIX}spreadsheet`
export const PRESENTATION = `${APPS_PREFIX}presentation`

/** Whether a type is one of Google's own: no bytes of its own. */
export const isAppsType = (mimeType: string): boolean => mimeType.startsWith(APPS_PREFIX)
/** Docs, Sheets, Slides and their kin: created empty, exported instead of downloaded. */
export const isEditorType = (mimeType: string): boolean =>
  isAppsType(mimeType) && EDITOR_TYPES.has(mimeType.slice(APPS_PREFIX.length))
