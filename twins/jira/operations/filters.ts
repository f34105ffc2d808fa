import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { isAdmin, type JiraCall, nextId, reader, self, signedIn } from '../context.ts'
import { badRequest, fieldErrors, forbidden, notFound } from '../errors.ts'
import { among, idsOf, orderOf, pageBean, sorted } from '../paging.ts'
import { check } from '../rules/jql/check.ts'
import { mayEdit, mayView, shareFrom, shareView } from '../rules/sharing.ts'
import type { Filter } from '../tables.ts'
import { slimUser } from '../views/people.ts'
import { operations } from './define.ts'
import { jqlContext, parsed } from './search.ts'
import { bodyOf } from './shared.ts'
import { columnItems, columnsOf } from './users.ts'

function filterOf(call: JiraCall, id: number | string): Filter {
  const filter = call.tables.filters.get(String(id))
  if (!filter || !(mayView(call, call.caller.user, filter) || isAdmin(call, call.caller.user))) {
    throw notFound(
      'The selected filter is not available to you, perhaps it has been deleted or had its permissions changed.',
    )
  }
  return filter
}

function editable(call: JiraCall, id: number | string): Filter {
  const filter = filterOf(call, id)
  if (!mayEdit(call, call.caller.user, filter) && !isAdmin(call, call.caller.user))
    throw badRequest('You do not have permission to edit this filter.')
  return filter
}

function filterView(call: JiraCall, filter: Filter) {
  const look = reader(call)
  const shares = filter.share.map((permission) => shareView(call, permission))
  return {
    expand:
      'description,owner,jql,viewUrl,searchUrl,favourite,favouritedCount,sharePermissions,editPermissions,isWritable,approximateLastUsed,subscriptions',
    self: self(look, `filter/${filter.id}`),
    id: filter.id,
    name: filter.name,
    description: filter.description,
    owner: slimUser(look, filter.ownerId),
    jql: filter.jql,
    viewUrl: `${look.home}/issues/?filter=${filter.id}`,
    searchUrl: `${self(look, 'search')}?jql=${encodeURIComponent(filter.jql)}`,
    favourite: !!call.caller.user && filter.favouriteOf.includes(call.caller.user.accountId),
    favouritedCount: filter.favouriteOf.length,
    sharePermissions: shares,
    editPermissions: filter.edit.map((permission) => shareView(call, permission)),
    isWritable: mayEdit(call, call.caller.user, filter),
    sharedUsers: { size: 0, items: [], 'max-results': 1000, 'start-index': 0, 'end-index': 0 },
    subscriptions: { size: 0, items: [], 'max-results': 1000, 'start-index': 0, 'end-index': 0 },
  }
}

/** Saved queries are checked in full: what a search would pass over is refused here. */
function checkedJql(call: JiraCall, jql: unknown): string {
  if (jql !== undefined && typeof jql !== 'string')
    throw badRequest('Invalid request payload. Refer to the REST API documentation and try again.')
  const text = jql ?? ''
  const { errors, warnings } = check(parsed(text), jqlContext(call))
  if (errors.length + warnings.length > 0) throw badRequest(...errors, ...warnings)
  return text
}

function checkName(call: JiraCall, name: unknown, own?: Filter): string {
  if (typeof name !== 'string' || name.trim() === '')
    throw fieldErrors({ filterName: 'You must specify a name to save this filter as.' })
  const clash = call.tables.filters.by('name', [own?.ownerId ?? signedIn(call).accountId, name.toLowerCase()])
  if (clash && clash.id !== own?.id) throw fieldErrors({ filterName: 'Filter with same name already exists.' })
  return name
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

const ORDERS = ['description', 'favourite_count', 'id', 'is_favourite', 'name', 'owner', 'is_shared']

export const filters = operations({
  /** 200, not 201. */
  createFilter(call) {
    const { accountId } = signedIn(call)
    const body = bodyOf(call)
    const filter = call.tables.filters.insert({
      id: nextId(call, 'filter'),
      name: checkName(call, body.name),
      description: typeof body.description === 'string' ? body.description : '',
      ownerId: accountId,
      jql: checkedJql(call, body.jql),
      share: list(body.sharePermissions).map((share) => shareFrom(call, share)),
      edit: list(body.editPermissions).map((share) => shareFrom(call, share)),
      favouriteOf: body.favourite === true ? [accountId] : [],
    })
    call.emit({ type: 'filter_created', filterId: filter.id })
    return ok(filterView(call, filter))
  },
  getFilter: (call) => ok(filterView(call, filterOf(call, call.params.id))),
  updateFilter(call) {
    const filter = editable(call, call.params.id)
    const body = bodyOf(call)
    const updated = call.tables.filters.replace({
      ...filter,
      name: checkName(call, body.name ?? filter.name, filter),
      description: typeof body.description === 'string' ? body.description : filter.description,
      jql: body.jql === undefined ? filter.jql : checkedJql(call, body.jql),
      share:
        body.sharePermissions === undefined
          ? filter.share
          : list(body.sharePermissions).map((share) => shareFrom(call, share)),
      edit:
        body.editPermissions === undefined
          ? filter.edit
          : list(body.editPermissions).map((share) => shareFrom(call, share)),
    })
    call.emit({ type: 'filter_updated', filterId: filter.id })
    return ok(filterView(call, updated))
  },
  deleteFilter(call) {
    const filter = editable(call, call.params.id)
    call.tables.filters.remove(filter.id)
    call.emit({ type: 'filter_deleted', filterId: filter.id })
    return noContent()
  },
  getMyFilters(call) {
    const { accountId } = signedIn(call)
    const wanted = (filter: Filter) =>
      filter.ownerId === accountId || (call.query.includeFavourites === true && filter.favouriteOf.includes(accountId))
    return ok(
      call.tables.filters
        .all()
        .filter(wanted)
        .map((filter) => filterView(call, filter)),
    )
  },
  getFavouriteFilters(call) {
    const { user } = call.caller
    const rows = call.tables.filters
      .all()
      .filter((filter) => user && filter.favouriteOf.includes(user.accountId) && mayView(call, user, filter))
    return ok(rows.map((filter) => filterView(call, filter)))
  },
  getFiltersPaginated(call) {
    const query = call.query as {
      orderBy?: string
      filterName?: string
      accountId?: string
      id?: number[]
      projectId?: number
      groupId?: string
      isSubstringMatch?: boolean
    }
    const { key, descending } = orderOf(query.orderBy, ORDERS, 'name')
    const ids = idsOf(query.id)
    const words = query.filterName?.toLowerCase() ?? ''
    const rows = call.tables.filters
      .all()
      .filter((filter) => mayView(call, call.caller.user, filter))
      .filter((filter) => filter.name.toLowerCase().includes(words))
      .filter((filter) => query.accountId === undefined || filter.ownerId === query.accountId)
      .filter((filter) => among(ids, filter.id))
      .filter(
        (filter) =>
          query.projectId === undefined || filter.share.some((share) => share.projectId === String(query.projectId)),
      )
    const by: Record<string, (filter: Filter) => string | number> = {
      name: (filter) => filter.name,
      id: (filter) => Number(filter.id),
      description: (filter) => filter.description,
      owner: (filter) => call.tables.users.get(filter.ownerId)?.displayName ?? '',
      favourite_count: (filter) => filter.favouriteOf.length,
      is_favourite: (filter) => Number(!!call.caller.user && filter.favouriteOf.includes(call.caller.user.accountId)),
      is_shared: (filter) => Number(filter.share.length > 0),
    }
    const expand = new Set(idsOf((call.query as { expand?: string }).expand))
    const slim = (filter: Filter) => {
      const view = filterView(call, filter)
      const { self: link, id, name } = view
      const expanded = Object.fromEntries(Object.entries(view).filter(([member]) => expand.has(member)))
      return { expand: view.expand, self: link, id, name, ...expanded }
    }
    return ok(pageBean(call, sorted(rows, by[key] as (filter: Filter) => string, descending), slim))
  },

  getColumns(call) {
    const { columns } = filterOf(call, call.params.id)
    if (!columns) throw notFound('The filter does not have custom columns.')
    return ok(columnItems(call, columns))
  },
  setColumns(call) {
    call.tables.filters.patch(editable(call, call.params.id).id, { columns: columnsOf(call) })
    return { status: 200 }
  },
  resetColumns(call) {
    const { columns: _, ...filter } = editable(call, call.params.id)
    call.tables.filters.replace(filter)
    return noContent()
  },
  setFavouriteForFilter(call) {
    const filter = filterOf(call, call.params.id)
    const { accountId } = signedIn(call)
    return ok(
      filterView(
        call,
        call.tables.filters.patch(filter.id, { favouriteOf: [...new Set([...filter.favouriteOf, accountId])] }),
      ),
    )
  },
  deleteFavouriteForFilter(call) {
    const filter = filterOf(call, call.params.id)
    const { accountId } = signedIn(call)
    return ok(
      filterView(
        call,
        call.tables.filters.patch(filter.id, { favouriteOf: filter.favouriteOf.filter((id) => id !== accountId) }),
      ),
    )
  },
  changeFilterOwner(call) {
    const filter = filterOf(call, call.params.id)
    const me = signedIn(call)
    if (filter.ownerId !== me.accountId && !isAdmin(call, me))
      throw forbidden('You do not have permission to change the owner of this filter.')
    const accountId = String(bodyOf(call).accountId ?? '')
    if (!call.tables.users.has(accountId)) throw badRequest('The user does not exist.')
    if (call.tables.filters.by('name', [accountId, filter.name.toLowerCase()]))
      throw badRequest('The new owner already has a filter with the same name.')
    call.tables.filters.patch(filter.id, { ownerId: accountId })
    return noContent()
  },

  getDefaultShareScope: (call) =>
    ok({ scope: call.tables.preferences.get(`${signedIn(call).accountId}/shareScope`)?.value ?? 'PRIVATE' }),
  setDefaultShareScope(call) {
    const { scope } = bodyOf(call)
    if (scope !== 'PRIVATE' && scope !== 'AUTHENTICATED' && scope !== 'GLOBAL')
      throw badRequest('The scope is invalid.')
    call.tables.preferences.put({ accountId: signedIn(call).accountId, key: 'shareScope', value: scope })
    return ok({ scope })
  },
  getSharePermissions: (call) => ok(filterOf(call, call.params.id).share.map((share) => shareView(call, share))),
  /** Answers the whole list, not the share alone (seen live). */
  addSharePermission(call) {
    const filter = editable(call, call.params.id)
    const added = shareFrom(call, bodyOf(call))
    const exclusive = added.type === 'global' || added.type === 'loggedin' || added.type === 'authenticated'
    const updated = call.tables.filters.patch(filter.id, { share: exclusive ? [added] : [...filter.share, added] })
    return { status: 201, body: updated.share.map((share) => shareView(call, share)) }
  },
  getSharePermission(call) {
    const share = filterOf(call, call.params.id).share.find((one) => one.id === call.params.permissionId)
    if (!share) throw notFound('The share permission does not exist.')
    return ok(shareView(call, share))
  },
  deleteSharePermission(call) {
    const filter = editable(call, call.params.id)
    const rest = filter.share.filter((one) => one.id !== call.params.permissionId)
    if (rest.length === filter.share.length) throw notFound('The share permission does not exist.')
    call.tables.filters.patch(filter.id, { share: rest })
    return noContent()
  },
})
