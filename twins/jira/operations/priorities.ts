import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, nextId, reader, requireAdmin } from '../context.ts'
import { badRequest, notFound } from '../errors.ts'
import { among, idsOf, pageBean, reordered } from '../paging.ts'
import { completeTask } from '../rules/tasks.ts'
import type { Priority } from '../tables.ts'
import { fullPriority } from '../views/configuration.ts'
import { operations } from './define.ts'
import { bodyOf, renamed, text } from './shared.ts'

function priorityOf(call: JiraCall, id: string): Priority {
  const row = call.tables.priorities.get(id)
  if (!row) throw notFound(`The priority with id '${id}' does not exist`)
  return row
}

const priorities_ = (call: JiraCall) => [...call.tables.priorities.scan('order')]

export const priorities = operations({
  getPriorities: (call) =>
    ok(priorities_(call).map((row) => ({ ...fullPriority(reader(call), row), isDefault: row.isDefault }))),
  getPriority: (call) => ok(fullPriority(reader(call), priorityOf(call, call.params.id))),
  /** `isDefault` is false here whatever the site's default is (seen live). */
  searchPriorities(call) {
    const ids = idsOf(call.query.id)
    const rows = priorities_(call)
      .filter((row) => among(ids, row.id))
      .filter((row) => !call.query.onlyDefault || row.isDefault)
      .filter(
        (row) => !call.query.priorityName || row.name.toLowerCase().includes(call.query.priorityName.toLowerCase()),
      )
    return ok(pageBean(call, rows, (row) => ({ ...fullPriority(reader(call), row), isDefault: false })))
  },
  createPriority(call) {
    requireAdmin(call)
    const { name, description, statusColor, iconUrl } = bodyOf(call)
    if (!name) throw badRequest('The name of the priority must be provided.')
    if (!/^#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?$/.test(text(statusColor)))
      throw badRequest('The status colour must be a hexadecimal colour.')
    if (priorities_(call).some((row) => row.name === name))
      throw badRequest('A priority with that name already exists.')
    const id = nextId(call, 'priority')
    call.tables.priorities.insert({
      id,
      name: text(name),
      description: text(description),
      statusColor: text(statusColor),
      icon: text(iconUrl, '/images/icons/priorities/medium.svg'),
      sequence: (priorities_(call).at(-1)?.sequence ?? 0) + 1,
      isDefault: false,
    })
    return created({ id })
  },
  updatePriority(call) {
    requireAdmin(call)
    const row = priorityOf(call, call.params.id)
    const { name, description, statusColor } = bodyOf(call)
    call.tables.priorities.replace({
      ...renamed(row, { name, description }),
      statusColor: text(statusColor, row.statusColor),
    })
    return noContent()
  },
  setDefaultPriority(call) {
    requireAdmin(call)
    const { id } = bodyOf(call)
    if (id !== null && id !== '') priorityOf(call, text(id))
    for (const row of priorities_(call)) call.tables.priorities.patch(row.id, { isDefault: row.id === id })
    return noContent()
  },
  movePriorities(call) {
    requireAdmin(call)
    for (const [at, row] of reordered(priorities_(call), bodyOf(call)).entries())
      call.tables.priorities.patch(row.id, { sequence: at + 1 })
    return noContent()
  },
  deletePriority(call) {
    requireAdmin(call)
    const row = priorityOf(call, call.params.id)
    const standard =
      priorities_(call).find((other) => other.isDefault && other.id !== row.id) ??
      priorities_(call).find((other) => other.id !== row.id)
    if (!standard) throw badRequest('The last priority cannot be deleted.')
    for (const issue of call.tables.issues.all())
      if (issue.priorityId === row.id) call.tables.issues.patch(issue.id, { priorityId: standard.id })
    call.tables.priorities.remove(row.id)
    return completeTask(call, `Delete priority ${row.name}`)
  },
})
