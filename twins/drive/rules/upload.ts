import { MalformedBody, mediaTypeOf, parseJson, parseMultipart } from '../../../shared/kernel/body.ts'
import type { Incoming } from '../../../shared/kernel/incoming.ts'
import { legacyError } from '../../google/errors.ts'
import { readBody } from '../../google/protojson.ts'
import { driveContract } from '../contract.ts'
import { badRequestOf } from '../errors.ts'
import type { FileMetadata } from './metadata.ts'

/** The three ways of an upload: media alone, metadata and media in one body, or a resumable session. */

export interface Media {
  /** As declared; absent when the client said nothing. */
  readonly type: string | undefined
  readonly bytes: Uint8Array
}

export type Upload =
  | { readonly kind: 'media' | 'multipart'; readonly metadata: unknown; readonly media: Media }
  | { readonly kind: 'resumable'; readonly metadata: unknown; readonly contentType?: string; readonly total?: number }

/** Reads an upload request; without `uploadType` its content type decides. */
export function readUpload(request: Incoming): Upload {
  const type = mediaTypeOf(request)
  const query = new URLSearchParams(request.search)
  const asked = query.get('uploadType') ?? query.get('upload_protocol')
  const kind = asked || (type === 'multipart/related' ? 'multipart' : 'media')
  if (kind === 'resumable') return startOf(request)
  if (kind === 'multipart' && type?.startsWith('multipart/')) return multipart(request)
  // A multipart upload without a multipart body is metadata alone.
  if (kind === 'multipart')
    return { kind, metadata: jsonOf(request.text), media: { type: undefined, bytes: new Uint8Array() } }
  return {
    kind: 'media',
    metadata: undefined,
    media: { type: request.header('content-type') && type, bytes: request.bytes },
  }
}

function startOf(request: Incoming): Upload {
  const length = request.header('x-upload-content-length')
  const contentType = request.header('x-upload-content-type')
  return {
    kind: 'resumable',
    metadata: request.bytes.length > 0 ? jsonOf(request.text) : undefined,
    ...(contentType && { contentType }),
    ...(length && /^\d+$/.test(length) && { total: Number(length) }),
  }
}

function multipart(request: Incoming): Upload {
  try {
    const [first, second] = parseMultipart(request.bytes, request.header('content-type') ?? '')
    if (!first || !second) throw new MalformedBody('Two parts are needed')
    const encoding = second.headers['content-transfer-encoding']?.toLowerCase()
    const bytes =
      encoding === 'base64' ? new Uint8Array(Buffer.from(Buffer.from(second.bytes).toString(), 'base64')) : second.bytes
    const declared = second.headers['content-type']?.split(';')[0]?.trim()
    return {
      kind: 'multipart',
      metadata: jsonOf(Buffer.from(first.bytes).toString()),
      media: { type: declared, bytes },
    }
  } catch (error) {
    if (error instanceof MalformedBody) throw badRequestOf('Malformed multipart body.')
    throw error
  }
}

function jsonOf(text: string): unknown {
  if (text.trim() === '') return undefined
  try {
    return parseJson(text)
  } catch {
    throw legacyError({ code: 400, reason: 'parseError', message: 'Parse Error' })
  }
}

/** Metadata that came beside media, read like any other body. */
export function fileMetadata(json: unknown): FileMetadata {
  if (json === undefined) return {}
  const schemas = driveContract().document.components?.schemas
  const { value, violations } = readBody(json, schemas?.File, {
    resolve: (schema) =>
      typeof schema === 'object' && typeof schema.$ref === 'string'
        ? schemas?.[schema.$ref.split('/').pop() ?? '']
        : schema,
    unknownNames: 'ignore',
    typeName: (schema, field) => `google.apps.drive.v3.${schema ?? field}`,
  })
  if (violations.length) throw badRequestOf(violations.map(({ description }) => description).join('\n'))
  return value as FileMetadata
}

/** `Content-Range` of a chunk: `bytes 0-9/*`, `bytes 0-9/100`, `bytes *` + `/100` for a probe. */
export interface ContentRange {
  readonly first?: number
  readonly last?: number
  readonly total?: number
}

export function parseContentRange(header: string | undefined): ContentRange | undefined {
  const match = /^bytes\s+(?:(\d+)-(\d+)|\*)\/(\d+|\*)$/i.exec(header?.trim() ?? '')
  if (!match) return undefined
  const [, first, last, total] = match
  return {
    ...(first !== undefined && { first: Number(first), last: Number(last) }),
    ...(total !== '*' && { total: Number(total) }),
  }
}

/** `Range` of a download. `null`: unsatisfiable; `undefined`: the whole. */
export function parseRange(
  header: string | undefined,
  size: number,
): { first: number; last: number } | null | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  const [, from = '', to = ''] = match
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  return first > last || first >= size ? null : { first, last }
}
