import { badRequest, type Fault, legacyError } from '../google/errors.ts'

/** Drive's refusals: reason, wording and place as the API has them. Each makes an error to throw. */

const parameter = (code: number, reason: string, message: string, location: string) =>
  legacyError({ code, reason, message, location })
const forbidden = (reason: string, message: string, more: Partial<Fault> = {}) =>
  legacyError({ code: 403, reason, message, ...more })

export const fileNotFound = (id: string) => parameter(404, 'notFound', `File not found: ${id}.`, 'fileId')
export const driveNotFound = (id: string) => parameter(404, 'notFound', `Shared drive not found: ${id}`, 'driveId')
export const permissionNotFound = (id: string) =>
  parameter(404, 'notFound', `Permission not found: ${id}.`, 'permissionId')
export const revisionNotFound = (id: string) => parameter(404, 'notFound', `Revision not found: ${id}.`, 'revisionId')
export const commentNotFound = (id: string) => parameter(404, 'notFound', `Comment not found: ${id}.`, 'commentId')
export const replyNotFound = (id: string) => parameter(404, 'notFound', `Reply not found: ${id}.`, 'replyId')
export const notFound = (what: string, id: string, location: string) =>
  parameter(404, 'notFound', `${what} not found: ${id}.`, location)

export const required = (name: string) => parameter(400, 'required', `Required parameter: ${name}`, name)
export const fieldsRequired = () =>
  parameter(400, 'required', "The 'fields' parameter is required for this method.", 'fields')
export const invalidValue = (location: string) => parameter(400, 'invalid', 'Invalid Value', location)
export const invalidParameter = (location: string, message: string) =>
  parameter(400, 'invalidParameter', message, location)
export const badRequestOf = (message: string, location?: string) =>
  legacyError({ code: 400, reason: 'badRequest', message, ...(location && { location }) })
export const invalidBody = (message: string) => legacyError({ code: 400, reason: 'invalid', message })
export const invalidField = (field: string, description: string) =>
  legacyError({
    code: 400,
    reason: 'badRequest',
    message: description,
    status: 'INVALID_ARGUMENT',
    details: [badRequest([{ field, description }])],
  })

export const insufficientFilePermissions = () =>
  forbidden('insufficientFilePermissions', 'The user does not have sufficient permissions for this file.')
export const insufficientParentPermissions = () =>
  forbidden('insufficientParentPermissions', 'Insufficient permissions for the specified parent.')
export const insufficientDrivePermissions = () =>
  forbidden('insufficientFilePermissions', 'The user does not have sufficient permissions for this shared drive.')
export const fieldNotWritable = (message = 'The resource body includes fields which are not directly writable.') =>
  forbidden('fieldNotWritable', message)
export const parentsNotWritable = () =>
  fieldNotWritable(
    'The parents field is not directly writable in update requests. Use the addParents and removeParents parameters instead.',
  )
export const cannotAddParent = () => forbidden('cannotAddParent', 'Increasing the number of parents is not allowed')
export const cyclicParent = () =>
  forbidden('cyclicItemHierarchy', 'The requested operation would create a cycle in the folder hierarchy.')
export const parentNotAFolder = () => forbidden('parentNotAFolder', 'The specified parent is not a folder.')
export const cannotCopyFile = () => forbidden('cannotCopyFile', 'This file cannot be copied by the user.')
export const cannotDownloadFile = () => forbidden('cannotDownloadFile', 'This file cannot be downloaded by the user.')
export const fileNotDownloadable = () =>
  forbidden(
    'fileNotDownloadable',
    'Only files with binary content can be downloaded. Use Export with Docs Editors files.',
    {
      location: 'alt',
    },
  )
export const fileNotExportable = () => forbidden('fileNotExportable', 'Export only supports Docs Editors files.')
export const exportTooLarge = () => forbidden('exportSizeLimitExceeded', 'This file is too large to be exported.')
export const conversionUnsupported = () => badRequestOf('The requested conversion is not supported.', 'convertTo')
export const contentRestricted = () =>
  forbidden('fileWriteRestricted', 'The content of this file is restricted and cannot be modified.')
export const fileIdInUse = () =>
  legacyError({ code: 409, reason: 'fileIdInUse', message: 'A file already exists with the provided ID.' })
export const fileIdUnusable = () => parameter(400, 'invalid', 'The provided file ID is not usable.', 'file.id')
export const shortcutTargetInvalid = () => forbidden('shortcutTargetInvalid', 'The shortcut target is not valid.')
export const sharedDriveRequired = (message: string, location: string) =>
  parameter(403, 'teamDriveIncludeItemsRequired', message, location)
export const ownershipFlagRequired = () =>
  forbidden('forbidden', "The transferOwnership parameter must be enabled when the permission role is 'owner'.", {
    location: 'transferOwnership',
  })
/** The wording pygsheets waits for. */
export const cannotRemoveOwner = () => forbidden('forbidden', 'The owner of a file cannot be removed.')
export const cannotDeleteInherited = () =>
  forbidden(
    'cannotDeletePermission',
    'Cannot remove an inherited permission from an item. Remove it from the item it is inherited from.',
  )
export const invalidSharingRequest = (message: string) =>
  legacyError({ code: 400, reason: 'invalidSharingRequest', message: `Bad Request. User message: "${message}"` })
export const driveNotEmpty = () =>
  forbidden('teamDriveNotEmpty', 'The shared drive has items in it and cannot be deleted.')
export const sortedFullText = () =>
  badRequestOf(
    'Sorting is not supported for queries with fullText terms. Results are always in descending relevance order.',
    'orderBy',
  )
export const uploadNotFound = () => legacyError({ code: 404, reason: 'notFound', message: 'Not Found' })
