import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { fail, notFound } from '../errors.ts'
import { record, userTarget } from '../events.ts'
import { hinted } from '../links.ts'
import { objectBody } from '../resource.ts'
import { redeemSessionToken } from '../rules/signIn.ts'
import { endSessions, userOf } from '../rules/users.ts'
import type { Session } from '../tables/directory.ts'
import { isoTime, isoTimeOrNull } from '../time.ts'
import { bodyOf } from './body.ts'
import { type OktaCall, operations } from './define.ts'

const LIFETIME = 2 * 3600 * 1000

/** Sessions of signed-in users. */
export const sessions = operations({
  /** A session token of the Authn API buys one session. */
  createSession(call) {
    const { sessionToken } = objectBody(call) as { sessionToken?: unknown }
    if (typeof sessionToken !== 'string') fail('E0000003')
    const session = redeemSessionToken(call, sessionToken as string) ?? fail('E0000004')
    return ok(sessionView(call, session, 'me'))
  },

  getSession(call) {
    const session = sessionOf(call, call.params.sessionId)
    return ok(sessionView(call, session, session.id))
  },

  revokeSession(call) {
    const session = sessionOf(call, call.params.sessionId)
    call.tables.sessions.remove(session.id)
    const user = call.tables.users.get(session.userId)
    if (user) record(call, 'user.session.end', [userTarget(user)], { sessionId: session.id })
    return noContent()
  },

  refreshSession(call) {
    const session = sessionOf(call, call.params.sessionId)
    const refreshed = call.tables.sessions.patch(session.id, { expiresAt: call.now + LIFETIME })
    return ok(sessionView(call, refreshed, session.id))
  },

  /** Whoever is signed in signs out everywhere else; with `keepCurrent: false` here too. A token is signed in nowhere. */
  endUserSessions(call) {
    const current = sessionOf(call as unknown as OktaCall, 'me', () => fail('E0000005'))
    const all = bodyOf(call).keepCurrent === false
    for (const session of call.tables.sessions.where('user', current.userId)) {
      if (all || session.id !== current.id) call.tables.sessions.remove(session.id)
    }
    const user = call.tables.users.get(current.userId)
    if (user) record(call, 'user.session.clear', [userTarget(user)])
    return ok({})
  },

  /** Signs a user out everywhere; with `oauthTokens` their apps too. */
  revokeUserSessions(call) {
    const user = userOf(call, call.params.userId)
    endSessions(call, user, (call.query as { oauthTokens?: boolean }).oauthTokens === true)
    record(call, 'user.session.clear', [userTarget(user)])
    return noContent()
  },
})

function sessionOf(call: OktaCall, name: string, missing = () => notFound(name, 'AppSession')): Session {
  const id = name === 'me' ? call.caller.sessionId : name
  const session = id === undefined ? undefined : call.tables.sessions.get(id)
  if (!session || session.expiresAt <= call.now) return missing()
  return session
}

function sessionView(call: OktaCall, session: Session, name: string) {
  const user = call.tables.users.get(session.userId)
  const [org] = call.tables.org.all()
  const path = `/api/v1/sessions/${name}`
  return {
    id: session.id,
    userId: session.userId,
    login: session.login,
    createdAt: isoTime(session.createdAt),
    expiresAt: isoTime(session.expiresAt),
    status: 'ACTIVE',
    lastPasswordVerification: isoTimeOrNull(session.lastPasswordVerification),
    lastFactorVerification: isoTimeOrNull(session.lastFactorVerification),
    amr: session.amr,
    idp: { id: org?.id, type: 'OKTA' },
    mfaActive: session.mfaActive,
    _links: {
      self: hinted(call, path, 'GET', 'DELETE'),
      refresh: hinted(call, `${path}/lifecycle/refresh`, 'POST'),
      user: {
        name: `${user?.profile.firstName ?? ''} ${user?.profile.lastName ?? ''}`.trim(),
        ...hinted(call, name === 'me' ? '/api/v1/users/me' : `/api/v1/users/${session.userId}`, 'GET'),
      },
    },
  }
}
