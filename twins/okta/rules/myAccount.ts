import { fail } from '../errors.ts'
import { newId } from '../ids.ts'
import type { OktaCall } from '../operations/define.ts'
import type { User } from '../tables/directory.ts'
import type { Document, Documents, Json } from '../tables/document.ts'

/** The person whose account it is: who the access token speaks for. */
export function me(call: OktaCall): User {
  const user = call.caller.userId ? call.tables.users.get(call.caller.userId) : undefined
  return user ?? fail('E0000006')
}

/** Something of the caller's own, or 404. */
export function mine(call: OktaCall, table: Documents, id: string): Document {
  const row = table.get(id)
  return row?.parent === me(call).id ? row : fail('E0000008')
}

const LIFETIME = 300_000

/** Sends a code to an address or phone; it is kept where the control API can read it. */
export function challenge(call: OktaCall, subject: Document, data: Json = {}): Document {
  return call.tables.challenges.insert({
    id: newId(call, 'mfa'),
    parent: subject.id,
    status: 'UNVERIFIED',
    created: call.now,
    lastUpdated: call.now,
    data: { ...data, code: call.random.text(6, '0123456789'), expiresAt: call.now + LIFETIME },
  })
}

/** Whether a code answers one of the open challenges of a subject; the challenge is used up. */
export function answered(call: OktaCall, subject: Document, code: unknown, challengeId?: string): boolean {
  const open = call.tables.challenges
    .where('parent', subject.id)
    .find(
      (row) =>
        (challengeId === undefined || row.id === challengeId) &&
        row.status === 'UNVERIFIED' &&
        row.data.code === code &&
        (row.data.expiresAt as number) > call.now,
    )
  if (!open) return false
  call.tables.challenges.patch(open.id, { status: 'VERIFIED' })
  return true
}

/** Whether a code sent to a subject still waits for its answer. */
export const isChallenged = (call: OktaCall, subject: Document): boolean =>
  call.tables.challenges
    .where('parent', subject.id)
    .some((row) => row.status === 'UNVERIFIED' && (row.data.expiresAt as number) > call.now)
