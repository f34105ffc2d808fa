import type { App } from '../tables/applications.ts'
import { pairKey } from '../tables/applications.ts'
import type { User } from '../tables/directory.ts'
import type { OktaTables } from '../tables.ts'
import type { SamlAttribute } from './samlResponse.ts'

const NAMES = 'https://aws.amazon.com/SAML/Attributes'
const FORMAT = 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri'
const HOUR = 3600

/**
 * What Amazon Web Services reads of an assertion: the roles to choose from, each with the identity provider that may give
 * it, a name for the session and its seconds. A person's roles are in the profile of the assignment, by name or by ARN.
 */
export function amazonAttributes(tables: OktaTables, app: App, user: User): SamlAttribute[] {
  const settings = (app.settings.app ?? {}) as { identityProviderArn?: string; sessionDuration?: number }
  const assignment = tables.appUsers.get(pairKey(app.id, user.id))
  const { samlRoles, role } = (assignment?.profile ?? {}) as { samlRoles?: string[]; role?: string }
  const provider = settings.identityProviderArn ?? ''
  const account = /^(arn:[\w-]+:iam::\d+:)/.exec(provider)?.[1]
  const roles = account === undefined ? [] : (samlRoles ?? (role ? [role] : []))
  const arn = (name: string) => (name.startsWith('arn:') ? name : `${account}role/${name}`)
  const said: [string, string[]][] = [
    ['Role', roles.map((name) => `${provider},${arn(name)}`)],
    ['RoleSessionName', [String(assignment?.credentials.userName ?? user.profile.login)]],
    ['SessionDuration', [String(settings.sessionDuration ?? HOUR)]],
  ]
  return said
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => ({ name: `${NAMES}/${name}`, format: FORMAT, values }))
}
