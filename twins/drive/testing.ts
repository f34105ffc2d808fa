import { type drive_v3, drive as driveApi } from '@googleapis/drive'
import { OAuth2Client } from 'google-auth-library'
import { importPKCS8, SignJWT } from 'jose'
import { afterAll, beforeAll } from 'vitest'
import { openWorld, type World } from '../../shared/testing/world.ts'

/** What Drive's wire tests share: a world, the real client, and a few files. */

export let world: World
export let drive: drive_v3.Drive
/** Uploads take the root URL per call: the client ignores its own for media. */
export let media: { rootUrl: string }

/** A client of a user, by access token. */
export function clientFor(token: string): drive_v3.Drive {
  const auth = new OAuth2Client()
  auth.setCredentials({ access_token: token })
  return driveApi({ version: 'v3', auth, rootUrl: media.rootUrl })
}

/** A token of another person, by domain-wide delegation. */
export async function tokenOf(email: string, scope = 'https://www.googleapis.com/auth/drive'): Promise<string> {
  const {
    client_email: iss,
    private_key: key,
    token_uri: uri,
  } = world.access.drive.serviceAccount as Record<string, string>
  const assertion = await new SignJWT({ scope, sub: email })
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(iss as string)
    .setAudience(uri as string)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(await importPKCS8(key as string, 'RS256'))
  const reply = await fetch(uri as string, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }),
  })
  return ((await reply.json()) as { access_token: string }).access_token
}

/** What a refused call was refused with. */
export const failure = async (promise: Promise<unknown>) => {
  const error = (await promise.then(
    () => ({ status: 0 }),
    (reason) => reason,
  )) as {
    status: number
    message: string
    response?: { data: { error: { errors: { reason: string; location?: string }[] } } }
  }
  return { status: error.status, message: error.message, ...error.response?.data?.error?.errors?.[0] }
}

/** Opens a world with Drive before the tests of a file, and a client of its default user. */
export function useDrive(): void {
  beforeAll(async () => {
    world = await openWorld({ twins: ['drive'] })
    media = { rootUrl: `${world.access.drive.url}/` }
    drive = clientFor(world.access.drive.token)
  })
  afterAll(() => world?.close())
}

const FOLDER = 'application/vnd.google-apps.folder'
export const folder = async (name: string, parent?: string) =>
  (await drive.files.create({ requestBody: { name, mimeType: FOLDER, ...(parent && { parents: [parent] }) } })).data
    .id as string
/** A text file, whole. */
export const text = async (name: string, body: string, parent?: string) =>
  (
    await drive.files.create(
      {
        requestBody: { name, ...(parent && { parents: [parent] }) },
        media: { mimeType: 'text/plain', body },
        fields: '*',
      },
      media,
    )
  ).data
