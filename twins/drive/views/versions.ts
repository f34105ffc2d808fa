import type { File } from '../../google/tables.ts'
import type { DriveCall } from '../operations/define.ts'
import type { FileMetadata } from '../rules/metadata.ts'
import { fileMetadata } from '../rules/upload.ts'
import { type FileOptions, fileView } from './file.ts'
import { v2FileView, v2Metadata } from './v2.ts'

export type VersionName = 'v2' | 'v3'

/** How a version of the API reads and writes a file. */
interface Version {
  readonly metadata: (json: unknown) => FileMetadata
  readonly view: (call: DriveCall, file: File, options?: FileOptions) => object
}

export const VERSIONS: Readonly<Record<VersionName, Version>> = {
  v2: { metadata: v2Metadata, view: v2FileView },
  v3: { metadata: fileMetadata, view: fileView },
}
