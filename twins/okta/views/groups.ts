import { plain } from '../links.ts'
import type { OktaContext } from '../operations/define.ts'
import type { Group, GroupRule } from '../tables/directory.ts'
import { isoTime } from '../time.ts'

type Viewer = Pick<OktaContext, 'link'>

const LOGOS = 'https://ok12static.oktacdn.com/assets/img/logos/groups/odyssey'

/** A group. It has no `self` link. */
export function groupView(group: Group, call: Viewer) {
  const path = `/api/v1/groups/${group.id}`
  return {
    id: group.id,
    created: isoTime(group.created),
    lastUpdated: isoTime(group.lastUpdated),
    lastMembershipUpdated: isoTime(group.lastMembershipUpdated),
    objectClass: group.objectClass,
    type: group.type,
    profile: group.profile,
    ...(group.appId !== undefined && { source: { id: group.appId } }),
    _links: {
      logo: [
        { name: 'medium', href: `${LOGOS}/okta-medium.png`, type: 'image/png' },
        { name: 'large', href: `${LOGOS}/okta-large.png`, type: 'image/png' },
      ],
      owners: plain(call, `${path}/owners`),
      users: plain(call, `${path}/users`),
      apps: plain(call, `${path}/apps`),
    },
  }
}

/** A group rule; it has no links. */
export const groupRuleView = (rule: GroupRule) => ({
  type: 'group_rule',
  id: rule.id,
  status: rule.status,
  name: rule.name,
  created: isoTime(rule.created),
  lastUpdated: isoTime(rule.lastUpdated),
  conditions: {
    people: { users: { exclude: rule.excludedUsers }, groups: { exclude: rule.excludedGroups } },
    expression: { value: rule.expression, type: rule.expressionType },
  },
  actions: { assignUserToGroups: { groupIds: rule.groupIds } },
  allGroupsValid: rule.status !== 'INVALID',
})
