import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { signedIn } from '../context.ts'
import { badRequest } from '../errors.ts'
import { completeTask } from '../rules/tasks.ts'
import {
  changeDraft,
  draftOf,
  draftView,
  mappingOf,
  nameOf,
  planFrom,
  schemeOf,
  setDefault,
  setMapping,
  setType,
  unsetDefault,
  unsetMapping,
  unsetType,
  workflowMappings,
} from '../rules/workflow-schemes.ts'
import { operations } from './define.ts'
import { bodyOf } from './shared.ts'

/** The draft of a scheme that projects follow: changed aside, then published. */
export const workflowSchemeDrafts = operations({
  createWorkflowSchemeDraftFromParent(call) {
    const scheme = schemeOf(call, call.params.id)
    if (scheme.draft) throw badRequest('The workflow scheme already has a draft.')
    const draft = {
      name: scheme.name,
      description: scheme.description,
      defaultWorkflow: scheme.defaultWorkflow,
      mappings: scheme.mappings,
      modified: call.now,
      by: signedIn(call).accountId,
    }
    call.tables.workflowSchemes.replace({ ...scheme, draft })
    return { status: 201, body: draftView(call, scheme, draft) }
  },
  getWorkflowSchemeDraft(call) {
    const { scheme, draft } = draftOf(call, call.params.id)
    return ok(draftView(call, scheme, draft))
  },
  updateWorkflowSchemeDraft: (call) => changeDraft(call, call.params.id, (plan) => planFrom(call, bodyOf(call), plan)),
  deleteWorkflowSchemeDraft(call) {
    const { draft: _, ...scheme } = draftOf(call, call.params.id).scheme
    call.tables.workflowSchemes.replace(scheme)
    return noContent()
  },
  getDraftDefaultWorkflow: (call) =>
    ok({ workflow: nameOf(call, draftOf(call, call.params.id).draft.defaultWorkflow) }),
  updateDraftDefaultWorkflow: (call) => changeDraft(call, call.params.id, setDefault(call)),
  deleteDraftDefaultWorkflow: (call) => changeDraft(call, call.params.id, unsetDefault(call)),
  getWorkflowSchemeDraftIssueType: (call) =>
    mappingOf(call, draftOf(call, call.params.id).draft, call.params.issueType),
  setWorkflowSchemeDraftIssueType: (call) => changeDraft(call, call.params.id, setType(call, call.params.issueType)),
  deleteWorkflowSchemeDraftIssueType: (call) => changeDraft(call, call.params.id, unsetType(call.params.issueType)),
  getDraftWorkflow: (call) => workflowMappings(call, draftOf(call, call.params.id).draft, call.query.workflowName),
  updateDraftWorkflowMapping: (call) => changeDraft(call, call.params.id, setMapping(call, call.query.workflowName)),
  deleteDraftWorkflowMapping: (call) => changeDraft(call, call.params.id, unsetMapping(call, call.query.workflowName)),
  publishDraftWorkflowScheme(call) {
    const { scheme, draft } = draftOf(call, call.params.id)
    const { draft: _, ...rest } = scheme
    if (call.query.validateOnly) return noContent()
    call.tables.workflowSchemes.replace({
      ...rest,
      name: draft.name,
      description: draft.description,
      defaultWorkflow: draft.defaultWorkflow,
      mappings: draft.mappings,
    })
    return completeTask(call, `Publish workflow scheme ${scheme.name}`)
  },
})
