import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { isAdmin, type JiraCall, nextId, reader, self, signedIn } from '../context.ts'
import { badRequest, fieldErrors, notFound } from '../errors.ts'
import { idsOf, namedPage, orderOf, pageBean, sorted, window } from '../paging.ts'
import { mayEdit, mayView, shareFrom, shareView } from '../rules/sharing.ts'
import type { Dashboard, Gadget } from '../tables.ts'
import { slimUser } from '../views/people.ts'
import { operations } from './define.ts'
import { bodyOf } from './shared.ts'

function dashboardOf(call: JiraCall, id: string | number): Dashboard {
  const row = call.tables.dashboards.get(String(id))
  if (!row || !mayView(call, call.caller.user, row)) throw notFound(`The dashboard with id '${id}' does not exist.`)
  return row
}

function editable(call: JiraCall, id: string | number): Dashboard {
  const row = dashboardOf(call, id)
  if (!mayEdit(call, call.caller.user, row) && !isAdmin(call, call.caller.user))
    throw badRequest('You do not have permission to edit this dashboard.')
  return row
}

/** The system dashboard has neither owner nor rank (recorded). */
function dashboardView(call: JiraCall, row: Dashboard) {
  const look = reader(call)
  const owner = slimUser(look, row.ownerId)
  return {
    ...(row.description && { description: row.description }),
    id: row.id,
    isFavourite: !!call.caller.user && row.favouriteOf.includes(call.caller.user.accountId),
    name: row.name,
    ...(owner && { owner }),
    popularity: row.favouriteOf.length,
    self: self(look, `dashboard/${row.id}`),
    sharePermissions: row.share.map((share) => shareView(call, share)),
    editPermissions: row.edit.map((share) => shareView(call, share)),
    view: row.isSystem ? '/jira/dashboards/last-visited' : `/jira/dashboards/${row.id}`,
    isWritable: mayEdit(call, call.caller.user, row),
    systemDashboard: row.isSystem,
  }
}

const visible = (call: JiraCall) => call.tables.dashboards.all().filter((row) => mayView(call, call.caller.user, row))

function given(call: JiraCall, own?: Dashboard): Pick<Dashboard, 'name' | 'description' | 'share' | 'edit'> {
  const { name, description, sharePermissions, editPermissions } = bodyOf(call)
  if (typeof name !== 'string' || name === '') throw fieldErrors({ name: 'You must specify a name for the dashboard.' })
  if (
    call.tables.dashboards
      .all()
      .some((row) => row.name === name && row.ownerId === call.caller.user?.accountId && row.id !== own?.id)
  )
    throw fieldErrors({ name: 'Dashboard with same name already exists.' })
  const shares = (value: unknown) => (Array.isArray(value) ? value : []).map((share) => shareFrom(call, share))
  return {
    name,
    description: String(description ?? ''),
    share: shares(sharePermissions),
    edit: shares(editPermissions),
  }
}

/** The address by which Jira's own gadgets go; those of Connect apps have a module key instead. */
const gadgetUri = (plugin: string, name: string) => `rest/gadgets/1.0/g/${plugin}:${name}/gadgets/${name}.xml`

const GADGETS = [
  { uri: gadgetUri('com.atlassian.jira.gadgets', 'assigned-to-me-gadget'), title: 'Assigned to Me' },
  { uri: gadgetUri('com.atlassian.jira.gadgets', 'filter-results-gadget'), title: 'Filter Results' },
  { uri: gadgetUri('com.atlassian.jira.gadgets', 'pie-chart-gadget'), title: 'Pie Chart' },
  { uri: gadgetUri('com.atlassian.streams.streams-jira-plugin', 'activitystream-gadget'), title: 'Activity Stream' },
]

const COLORS = ['blue', 'red', 'yellow', 'green', 'cyan', 'purple', 'gray', 'white']

const gadgetView = ({ id, moduleKey, uri, color, title, position }: Gadget) => ({
  id,
  ...(moduleKey && { moduleKey }),
  ...(uri && { uri }),
  color,
  position,
  title,
})

const gadgetOf = (row: Dashboard, id: number) => {
  const gadget = row.gadgets.find((one) => one.id === id)
  if (!gadget) throw notFound('The gadget does not exist on the dashboard.')
  return gadget
}

export const dashboards = operations({
  getAllDashboards(call) {
    const { user } = call.caller
    const mine = (row: Dashboard) => user !== undefined && row.ownerId === user.accountId
    const liked = (row: Dashboard) => user !== undefined && row.favouriteOf.includes(user.accountId)
    const rows = visible(call).filter((row) =>
      call.query.filter === 'my' ? mine(row) : call.query.filter === 'favourite' ? liked(row) : true,
    )
    return ok(namedPage('dashboards', rows, window(call.query, 20, 1000), (row) => dashboardView(call, row)))
  },
  getDashboardsPaginated(call) {
    const query = call.query as { orderBy?: string; dashboardName?: string; accountId?: string }
    const { key, descending } = orderOf(
      query.orderBy,
      ['description', 'favorite_count', 'id', 'is_favorite', 'name', 'owner'],
      'name',
    )
    const words = query.dashboardName?.toLowerCase() ?? ''
    const rows = visible(call).filter(
      (row) =>
        row.name.toLowerCase().includes(words) && (query.accountId === undefined || row.ownerId === query.accountId),
    )
    const by = (row: Dashboard) =>
      key === 'id' ? Number(row.id) : key === 'favorite_count' ? row.favouriteOf.length : row.name
    return ok(pageBean(call, sorted(rows, by, descending), (row) => dashboardView(call, row)))
  },
  getDashboard: (call) => ok(dashboardView(call, dashboardOf(call, call.params.id))),
  createDashboard(call) {
    const { accountId } = signedIn(call)
    return ok(
      dashboardView(
        call,
        call.tables.dashboards.insert({
          id: nextId(call, 'dashboard'),
          ownerId: accountId,
          favouriteOf: [accountId],
          gadgets: [],
          isSystem: false,
          ...given(call),
        }),
      ),
    )
  },
  updateDashboard(call) {
    const row = editable(call, call.params.id)
    return ok(dashboardView(call, call.tables.dashboards.replace({ ...row, ...given(call, row) })))
  },
  deleteDashboard(call) {
    const row = editable(call, call.params.id)
    if (row.isSystem) throw badRequest('The system dashboard cannot be deleted.')
    call.tables.dashboards.remove(row.id)
    return noContent()
  },
  copyDashboard(call) {
    const row = dashboardOf(call, call.params.id)
    const { accountId } = signedIn(call)
    return ok(
      dashboardView(
        call,
        call.tables.dashboards.insert({
          ...row,
          id: nextId(call, 'dashboard'),
          ownerId: accountId,
          favouriteOf: [accountId],
          isSystem: false,
          ...given(call),
        }),
      ),
    )
  },
  bulkEditDashboards(call) {
    const { action, entityIds, permissionDetails, changeOwnerDetails } = bodyOf(call) as {
      action?: string
      entityIds?: number[]
      permissionDetails?: { sharePermissions?: unknown[]; editPermissions?: unknown[] }
      changeOwnerDetails?: { newOwner?: string }
    }
    const entityErrors: Record<string, object> = {}
    for (const id of idsOf(entityIds)) {
      const row = call.tables.dashboards.get(id)
      if (!row || !mayEdit(call, call.caller.user, row))
        entityErrors[id] = {
          errorMessages: ['The dashboard does not exist or you do not have permission to edit it.'],
          errors: {},
        }
      else if (action === 'delete') call.tables.dashboards.remove(row.id)
      else if (action === 'changeOwner')
        call.tables.dashboards.patch(row.id, { ownerId: changeOwnerDetails?.newOwner ?? signedIn(call).accountId })
      else {
        const shares = (list: unknown[] | undefined) => (list ?? []).map((share) => shareFrom(call, share))
        const [share, edit] = [shares(permissionDetails?.sharePermissions), shares(permissionDetails?.editPermissions)]
        const adding = action === 'addPermission'
        call.tables.dashboards.patch(row.id, {
          share: adding ? [...row.share, ...share] : share,
          edit: adding ? [...row.edit, ...edit] : edit,
        })
      }
    }
    return ok({ action, entityErrors })
  },

  getAllAvailableDashboardGadgets: () => ok({ gadgets: GADGETS }),
  getAllGadgets: (call) => ok({ gadgets: dashboardOf(call, call.params.dashboardId).gadgets.map(gadgetView) }),
  addGadget(call) {
    const row = editable(call, call.params.dashboardId)
    const {
      moduleKey,
      uri,
      color = 'blue',
      title,
      position,
      ignoreUriAndModuleKeyValidation = false,
    } = bodyOf(call) as {
      moduleKey?: string
      uri?: string
      color?: string
      title?: string
      position?: Gadget['position']
      ignoreUriAndModuleKeyValidation?: boolean
    }
    if (!moduleKey && !uri) throw badRequest('A module key or a URI must be provided.')
    if (!COLORS.includes(color)) throw badRequest('The color is invalid.')
    const known = GADGETS.find((one) => one.uri === uri)
    if (!known && !ignoreUriAndModuleKeyValidation) {
      throw badRequest(moduleKey ? 'The module key is invalid.' : 'The URI is invalid.')
    }
    const gadget: Gadget = {
      id: call.sequence('jira.gadget', 10_000),
      ...(moduleKey && { moduleKey }),
      ...(uri && { uri }),
      color,
      title: title ?? known?.title ?? '',
      position: position ?? { column: 0, row: row.gadgets.length },
    }
    call.tables.dashboards.patch(row.id, { gadgets: [...row.gadgets, gadget] })
    return ok(gadgetView(gadget))
  },
  updateGadget(call) {
    const row = editable(call, call.params.dashboardId)
    const gadget = gadgetOf(row, call.params.gadgetId)
    const { color, title, position } = bodyOf(call) as Partial<Gadget>
    if (color !== undefined && !COLORS.includes(color)) throw badRequest('The color is invalid.')
    const changed = {
      ...gadget,
      ...(color && { color }),
      ...(title !== undefined && { title }),
      ...(position && { position }),
    }
    call.tables.dashboards.patch(row.id, { gadgets: row.gadgets.map((one) => (one.id === gadget.id ? changed : one)) })
    return noContent()
  },
  removeGadget(call) {
    const row = editable(call, call.params.dashboardId)
    const gadget = gadgetOf(row, call.params.gadgetId)
    call.tables.dashboards.patch(row.id, { gadgets: row.gadgets.filter((one) => one.id !== gadget.id) })
    return noContent()
  },
})
