import { PREFIX } from '../ids.ts'
import { linkTo, plain } from '../links.ts'
import type { OktaContext } from '../operations/define.ts'
import type { User, UserStatus } from '../tables/directory.ts'
import { isoTime, isoTimeOrNull } from '../time.ts'

type Viewer = Pick<OktaContext, 'link'>

/** A user as `GET /users/{id}` and every change show it: with the links its status allows. */
export const userView = (user: User, call: Viewer) => ({ ...body(user), _links: links(user, call) })

/** A user in a list, which has only its `self` link. */
export const listedUser = (user: User, call: Viewer) => ({
  ...body(user),
  _links: { self: plain(call, `/api/v1/users/${user.id}`) },
})

const body = (user: User) => ({
  id: user.id,
  status: user.status,
  created: isoTime(user.created),
  activated: isoTimeOrNull(user.activated),
  statusChanged: isoTimeOrNull(user.statusChanged),
  lastLogin: isoTimeOrNull(user.lastLogin),
  lastUpdated: isoTime(user.lastUpdated),
  passwordChanged: isoTimeOrNull(user.passwordChanged),
  realmId: user.realmId,
  type: { id: user.typeId },
  profile: profileView(user),
  credentials: credentialsView(user),
})

/** Names first and sign-in last, as Okta orders them; two attributes are shown even when they hold nothing. */
function profileView({ profile }: User) {
  const { firstName, lastName, mobilePhone = null, secondEmail = null, login, email, ...more } = profile
  return {
    ...(firstName !== undefined && { firstName }),
    ...(lastName !== undefined && { lastName }),
    ...more,
    mobilePhone,
    secondEmail,
    login,
    ...(email !== undefined && { email }),
  }
}

/** The credentials object: what there is, never a value. Orgs with realms, as this one, list no `emails` there. */
export function credentialsView(user: User) {
  return {
    ...(user.password && { password: {} }),
    ...(user.recoveryQuestion && { recovery_question: { question: user.recoveryQuestion.question } }),
    provider: user.provider,
  }
}

type LinkName = keyof typeof LINKS

/** Where each transition lives, below the user. */
const LINKS = {
  suspend: 'lifecycle/suspend',
  unsuspend: 'lifecycle/unsuspend',
  unlock: 'lifecycle/unlock',
  activate: 'lifecycle/activate',
  reactivate: 'lifecycle/reactivate',
  deactivate: 'lifecycle/deactivate',
  resetPassword: 'lifecycle/reset_password',
  expirePassword: 'lifecycle/expire_password',
  resetFactors: 'lifecycle/reset_factors',
  forgotPassword: 'credentials/forgot_password',
  changePassword: 'credentials/change_password',
  changeRecoveryQuestion: 'credentials/change_recovery_question',
} as const

const WITH_PASSWORD: readonly LinkName[] = [
  'suspend',
  'resetPassword',
  'forgotPassword',
  'expirePassword',
  'changeRecoveryQuestion',
  'resetFactors',
  'changePassword',
  'deactivate',
]
// biome-ignore format: a list of names

/** The transitions each status allows. */
const ALLOWED: Readonly<Record<UserStatus, readonly LinkName[]>> = {
  STAGED: ['activate', 'resetFactors'],
  PROVISIONED: ['suspend', 'resetPassword', 'reactivate', 'resetFactors', 'deactivate'],
  ACTIVE: WITH_PASSWORD,
  PASSWORD_EXPIRED: WITH_PASSWORD,
  RECOVERY: ['suspend', 'resetPassword', 'reactivate', 'resetFactors', 'deactivate'],
  LOCKED_OUT: ['unlock', 'resetPassword', 'forgotPassword', 'resetFactors', 'deactivate'],
  SUSPENDED: ['unsuspend', 'resetFactors', 'deactivate'],
  DEPROVISIONED: ['activate', 'resetFactors'],
}

function links(user: User, call: Viewer) {
  const path = `/api/v1/users/${user.id}`
  const federated = user.provider.type === 'FEDERATION' || user.provider.type === 'SOCIAL'
  const allowed = ALLOWED[user.status].filter((name) => !(federated && /Password|RecoveryQuestion/.test(name)))
  return {
    ...Object.fromEntries(allowed.map((name) => [name, linkTo(call, `${path}/${LINKS[name]}`, 'POST')])),
    schema: plain(call, `/api/v1/meta/schemas/user/${PREFIX.schema}${user.typeId.slice(3)}`),
    self: plain(call, path),
    type: plain(call, `/api/v1/meta/types/user/${user.typeId}`),
    ...(user.status === 'DEPROVISIONED' && { delete: linkTo(call, path, 'DELETE') }),
  }
}
