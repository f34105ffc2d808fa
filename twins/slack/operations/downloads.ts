import { content, redirect } from '../../../shared/kernel/reply.ts'
import type { SlackCall } from '../caller.ts'
import { callerOf } from '../dialect.ts'
import { plainText } from '../errors.ts'
import { canSeeFile } from '../views/files.ts'
import { operations } from './define.ts'

/** `url_private`: a bearer token with files:read that sees the file; anyone else is sent to the sign-in page. */
function download(call: SlackCall, asAttachment: boolean) {
  const { file: reference } = call.params as { file: string }
  const file = call.tables.files.get(reference.split('-')[1] ?? '')
  const user = readerOf(call, 'files:read')
  if (!file || !user || !canSeeFile(call, file, user))
    return redirect(call.link(`/?redir=${encodeURIComponent(call.request.path)}`))
  const bytes = call.tables.contents.get(file.id)?.bytes
  if (!bytes) return plainText(404, 'File not found')
  const disposition = `${asAttachment ? 'attachment' : 'inline'}; filename="${file.name.replaceAll('"', '')}"`
  return content(bytes, file.mimetype || 'application/octet-stream', { 'content-disposition': disposition })
}

/** Who downloads: the user of a bearer token with this scope. */
export function readerOf(call: SlackCall, scope: string): string | undefined {
  const bearer = /^Bearer\s+(\S+)$/i.exec(call.request.header('authorization') ?? '')?.[1]
  if (bearer === undefined) return undefined
  try {
    const { scopes, user } = callerOf(call, bearer)
    return scopes.includes(scope) ? user?.id : undefined
  } catch {
    return undefined
  }
}

const SIGN_IN =
  '<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body><h1>Sign in to Slack</h1></body></html>'

export const downloads = operations({
  getPrivateFile: (call) => download(call, false),
  downloadPrivateFile: (call) => download(call, true),
  signIn: () => content(SIGN_IN, 'text/html; charset=utf-8'),
})
