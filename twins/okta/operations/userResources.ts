import { created, ok } from '../../../shared/kernel/reply.ts'
import { invalid } from '../errors.ts'
import { record, userTarget } from '../events.ts'
import { hinted, plain } from '../links.ts'
import { objectBody } from '../resource.ts'
import { tokensOf } from '../rules/userGrants.ts'
import { userOf } from '../rules/users.ts'
import type { App } from '../tables/applications.ts'
import type { User } from '../tables/directory.ts'
import { isoTime } from '../time.ts'
import { textIn } from './body.ts'
import { type OktaCall, operations } from './define.ts'

/** What belongs to a user: app links, devices, OAuth clients, risk and classification. */
export const userResources = operations({
  /** One tile per link of each assigned app. */
  listAppLinks(call) {
    const user = userOf(call, call.params.id)
    const apps = call.tables.appUsers.where('user', user.id).flatMap(({ appId }) => call.tables.apps.get(appId) ?? [])
    const shown = apps.filter((app) => app.status === 'ACTIVE')
    return ok(shown.flatMap((app, sortOrder) => appLinksOf(call, user, app, sortOrder)))
  },

  /** Devices the user signed in from or enrolled with. */
  listUserDevices(call) {
    const user = userOf(call, call.params.userId)
    const links = call.tables.deviceUsers.all().filter((link) => link.data.userId === user.id)
    return ok(
      links.flatMap((link) => {
        const device = link.parent === undefined ? undefined : call.tables.devices.get(link.parent)
        if (!device) return []
        const { id, status } = device
        return [{ created: isoTime(link.created), deviceUserId: link.id, device: { id, status, ...device.data } }]
      }),
    )
  },

  listUserClients(call) {
    const user = userOf(call, call.params.userId)
    const ids = new Set(tokensOf(call, user).map((token) => token.clientId))
    return ok([...ids].flatMap((id) => clientView(call, user, id)))
  },

  getUserRisk(call) {
    const user = userOf(call, call.params.userId)
    return ok(riskView(call, user))
  },

  upsertUserRisk(call) {
    const user = userOf(call, call.params.userId)
    const risk = textIn(objectBody(call), 'riskLevel')
    if (risk !== 'HIGH' && risk !== 'LOW') return invalid('riskLevel', ['riskLevel: The field has an invalid value'])
    const rated = call.tables.users.patch(user.id, { risk })
    record(call, 'user.risk.change', [userTarget(user)], { debugData: { riskLevel: risk } })
    const body = riskView(call, rated)
    return user.risk === undefined ? created(body) : ok(body)
  },

  getUserClassification(call) {
    return ok(classificationView(userOf(call, call.params.userId)))
  },

  replaceUserClassification(call) {
    const user = userOf(call, call.params.userId)
    const type = textIn(objectBody(call), 'type')
    if (type !== 'LITE' && type !== 'STANDARD') return invalid('type', ['type: The field has an invalid value'])
    const changed = call.tables.users.patch(user.id, { classification: { type, lastUpdated: call.now } })
    return ok(classificationView(changed))
  },
})

function appLinksOf(call: OktaCall, user: User, app: App, sortOrder: number) {
  const links = Object.entries((app.visibility.appLinks ?? {}) as Record<string, boolean>)
  return links
    .filter(([, on]) => on)
    .map(() => {
      const id = `aln${app.externalKey.slice(3)}`
      return {
        id,
        label: app.label,
        linkUrl: call.link(`/home/${app.name}/${app.id}/${id}`),
        logoUrl: 'https://ok14static.oktacdn.com/assets/img/logos/default.png',
        appName: app.name,
        appInstanceId: app.id,
        appAssignmentId: `0ua${user.id.slice(3)}`,
        credentialsSetup: false,
        hidden: (app.visibility.hide as { web?: boolean } | undefined)?.web ?? false,
        sortOrder,
      }
    })
}

function clientView(call: OktaCall, user: User, clientId: string) {
  const app = call.tables.apps.by('client', clientId)
  if (!app) return []
  const path = `/api/v1/users/${user.id}/clients/${clientId}`
  return [
    {
      client_id: clientId,
      client_name: app.label,
      client_uri: null,
      logo_uri: null,
      _links: { grants: plain(call, `${path}/grants`), tokens: hinted(call, `${path}/tokens`, 'GET', 'DELETE') },
    },
  ]
}

/** Risk is only ever set by hand here, which is the reason given with it. */
const riskView = (call: OktaCall, user: User) => ({
  riskLevel: user.risk ?? 'NONE',
  ...(user.risk !== undefined && { reason: 'Admin override risk' }),
  _links: {
    user: hinted(call, `/api/v1/users/${user.id}`, 'GET'),
    self: hinted(call, `/api/v1/users/${user.id}/risk`, 'GET', 'PUT'),
  },
})

const classificationView = (user: User) => ({
  type: user.classification?.type ?? 'STANDARD',
  lastUpdated: isoTime(user.classification?.lastUpdated ?? user.created),
})
