import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, nextId, reader, requireAdmin } from '../context.ts'
import { badRequest, notFound } from '../errors.ts'
import { among, idsOf, pageBean, reordered } from '../paging.ts'
import { completeTask } from '../rules/tasks.ts'
import type { Resolution } from '../tables.ts'
import { resolutionView } from '../views/configuration.ts'
import { operations } from './define.ts'
import { bodyOf, text } from './shared.ts'

function resolutionOf(call: JiraCall, id: string): Resolution {
  const row = call.tables.resolutions.get(id)
  if (!row) throw notFound(`The resolution with id '${id}' does not exist`)
  return row
}

const resolutions_ = (call: JiraCall) => [...call.tables.resolutions.scan('order')]

export const resolutions = operations({
  getResolutions: (call) => ok(resolutions_(call).map((row) => resolutionView(reader(call), row))),
  getResolution: (call) => ok(resolutionView(reader(call), resolutionOf(call, call.params.id))),
  searchResolutions(call) {
    const ids = idsOf(call.query.id)
    const rows = resolutions_(call)
      .filter((row) => among(ids, row.id))
      .filter((row) => !call.query.onlyDefault || row.isDefault)
    return ok(
      pageBean(call, rows, (row) => ({
        id: row.id,
        name: row.name,
        description: row.description,
        isDefault: row.isDefault,
      })),
    )
  },
  createResolution(call) {
    requireAdmin(call)
    const { name, description } = bodyOf(call)
    if (!name) throw badRequest('The name of the resolution must be provided.')
    if (resolutions_(call).some((row) => row.name === name))
      throw badRequest('A resolution with that name already exists.')
    const id = nextId(call, 'resolution')
    call.tables.resolutions.insert({
      id,
      name: text(name),
      description: text(description),
      sequence: (resolutions_(call).at(-1)?.sequence ?? 0) + 1,
      isDefault: false,
    })
    return created({ id })
  },
  updateResolution(call) {
    requireAdmin(call)
    const row = resolutionOf(call, call.params.id)
    const { name, description } = bodyOf(call)
    if (!name) throw badRequest('The name of the resolution must be provided.')
    call.tables.resolutions.replace({ ...row, name: text(name), description: text(description, row.description) })
    return noContent()
  },
  setDefaultResolution(call) {
    requireAdmin(call)
    const { id } = bodyOf(call)
    if (id !== null && id !== '') resolutionOf(call, text(id))
    for (const row of resolutions_(call)) call.tables.resolutions.patch(row.id, { isDefault: row.id === id })
    return noContent()
  },
  moveResolutions(call) {
    requireAdmin(call)
    for (const [at, row] of reordered(resolutions_(call), bodyOf(call)).entries())
      call.tables.resolutions.patch(row.id, { sequence: at + 1 })
    return noContent()
  },
  deleteResolution(call) {
    requireAdmin(call)
    const row = resolutionOf(call, call.params.id)
    const to = resolutionOf(call, text(call.query.replaceWith))
    for (const issue of call.tables.issues.all())
      if (issue.resolutionId === row.id) call.tables.issues.patch(issue.id, { resolutionId: to.id })
    call.tables.resolutions.remove(row.id)
    return completeTask(call, `Delete resolution ${row.name}`)
  },
})
