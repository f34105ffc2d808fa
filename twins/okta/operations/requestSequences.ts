import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { fail, notFound } from '../errors.ts'
import type { Document } from '../tables/document.ts'
import { governed } from '../views/governance.ts'
import { type OktaCall, operations } from './define.ts'

/** Id of the app or group that can be asked for, or 404. */
export function requestable(call: OktaCall): string {
  const { resourceId: id } = call.params as { resourceId: string }
  return call.tables.apps.has(id) || call.tables.groups.has(id) ? id : notFound(id, 'Resource')
}

const sequenceView = (call: OktaCall, { id, data }: Document) => ({
  id,
  name: data.name,
  description: data.description,
  compatibleResourceTypes: data.compatibleResourceTypes,
  link: call.link(`/next/sequences/${id}`),
})

const sequenceOf = (call: OktaCall): Document => {
  const { sequenceId } = call.params as { sequenceId: string }
  return call.tables.requestSequences.get(sequenceId) ?? notFound(sequenceId, 'RequestSequence')
}

const kindOf = (call: OktaCall, resourceId: string): string => (call.tables.apps.has(resourceId) ? 'APP' : 'GROUP')

/** How requests are approved. Sequences are drawn in a console: the act `drawSequence`. */
export const requestSequences = operations({
  listResourceRequestSequencesV2(call) {
    const resource = requestable(call)
    const kind = kindOf(call, resource)
    const fitting = call.tables.requestSequences
      .all()
      .filter(({ data }) => (data.compatibleResourceTypes as string[]).includes(kind))
    return ok({
      data: fitting.map((row) => sequenceView(call, row)),
      _links: {
        self: governed(call, `/governance/api/v2/resources/${resource}/request-sequences`),
        newSequence: governed(call, '/next/sequences/new'),
      },
    })
  },
  getResourceRequestSequenceV2(call) {
    requestable(call)
    return ok(sequenceView(call, sequenceOf(call)))
  },
  deleteRequestSequenceV2(call) {
    const { id } = sequenceOf(call)
    if (call.tables.requestConditions.all().some(({ data }) => data.approvalSequenceId === id)) fail('E0000169')
    call.tables.requestSequences.remove(id)
    return noContent()
  },
})
