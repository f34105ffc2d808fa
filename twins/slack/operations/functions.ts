import { accessOf, addAccess, removeAccess, setAccess } from '../accessLists.ts'
import { actor, type SlackCall } from '../caller.ts'
import { done, fail } from '../errors.ts'
import { sendCsv } from '../exports.ts'
import { json, text } from '../rules/arguments.ts'
import { BUILT_IN, OPEN_FORM } from '../rules/workflows.ts'
import type { AccessList, App, AppFunction, Execution, Json } from '../tables.ts'
import { finish, formResponses } from '../workflows.ts'
import { operations } from './define.ts'
import { workflowOf } from './workflows.ts'

function running(call: SlackCall): Execution {
  const row = call.tables.executions.get(
    String((call.query as { function_execution_id?: string }).function_execution_id),
  )
  if (!row) throw fail('function_execution_not_found')
  if (row.appId !== call.caller.app?.id) throw fail('access_denied')
  if (row.state !== 'running') throw fail('execution_not_in_running_state')
  return row
}

function settle(call: SlackCall, row: Execution, result: Pick<Execution, 'state' | 'outputs' | 'error'>) {
  finish(call, call.tables.executions.replace({ ...row, ...result }))
  return done()
}

/** The function a configuration token's owner works on: by id, or by callback id and app. */
function distributed(call: SlackCall): { row: AppFunction; app: App } {
  const {
    function_id: id,
    function_callback_id: callback,
    function_app_id: appId,
  } = call.query as Record<string, string>
  if (appId && !call.tables.apps.has(appId)) throw fail('app_not_found')
  const row = id ? call.tables.functions.get(id) : call.tables.functions.by('callback', [appId ?? '', callback ?? ''])
  if (!row || row.deleted > 0) throw fail('function_not_found')
  const app = call.tables.apps.get(row.appId) as App
  if (!app.collaborators?.includes(call.caller.user?.id ?? '')) throw fail('access_denied')
  return { row, app }
}

const UNSET = 'app_collaborators'

/** Functions show people by name, unlike triggers. */
function distributionView(call: SlackCall, access: AccessList, app: App): object {
  const ids = access.type === UNSET ? (app.collaborators ?? []) : access.users
  const users = ids.flatMap((id) => call.tables.users.get(id) ?? [])
  return {
    permission_type: access.type,
    users: users.map((user) => ({ user_id: user.id, username: user.name, email: user.email ?? '' })),
    ...(access.teams.length > 0 ? { team_ids: access.teams } : {}),
    ...(access.orgs.length > 0 ? { org_ids: access.orgs } : {}),
  }
}

type Change = (call: SlackCall, resource: string, type: string) => AccessList

const permissions = (change: Change) => (call: SlackCall) => {
  const { row, app } = distributed(call)
  return done(distributionView(call, change(call, `function:${row.id}`, UNSET), app))
}

export const functions = operations({
  'functions.distributions.permissions.list': permissions(accessOf),
  'functions.distributions.permissions.add': permissions(addAccess),
  'functions.distributions.permissions.remove': permissions(removeAccess),
  'functions.distributions.permissions.set': permissions((call, resource) => {
    const type = text((call.query as { permission_type?: string }).permission_type)
    if (type === undefined) throw fail('permission_type_required')
    return setAccess(call, resource, type)
  }),

  /** Where workflows use a function. */
  'functions.workflows.steps.list': (call) => {
    const id = String(call.query.function_id)
    const provided = call.tables.functions.get(id)
    if (!provided && !Object.values(BUILT_IN).includes(id)) throw fail('unknown_function_id')
    const only = workflowOf(call)
    const rows = only ? [only] : call.tables.workflows.all().filter((row) => row.appId === call.caller.app?.id)
    return done({
      steps_versions: rows.flatMap((workflow) =>
        workflow.steps
          .filter((step) => step.functionId === id)
          .map((step) => ({
            title: provided?.title ?? workflow.title,
            workflow_id: workflow.id,
            step_id: step.id,
            is_deleted: false,
            workflow_version_created: String(workflow.updated * 1_000_000),
          })),
      ),
    })
  },

  /** Slackbot sends the answers to a form as a file, to whoever asked. */
  'functions.workflows.steps.responses.export': (call) => {
    const workflow = workflowOf(call)
    if (!workflow) throw fail('unknown_workflow_id')
    const step = workflow.steps.find(({ id }) => id === String(call.query.step_id))
    if (step?.functionId !== OPEN_FORM) throw fail('unknown_step_id')
    const responses = formResponses(call, workflow, step.id)
    sendCsv(call, actor(call.caller), `${workflow.title} responses.csv`, responses.map(formRow))
    return done()
  },

  'functions.completeSuccess': (call) => {
    const row = running(call)
    const outputs = json(call.query.outputs)
    if (typeof outputs !== 'object' || outputs === null || Array.isArray(outputs))
      throw fail('parameter_validation_failed')
    const declared = call.tables.functions.get(row.functionId)?.outputs ?? []
    const isMissing = declared.some(({ name, is_required }) => is_required === true && !(String(name) in outputs))
    if (isMissing) throw fail('parameter_validation_failed')
    return settle(call, row, { state: 'completed', outputs: outputs as Json })
  },

  'functions.completeError': (call) =>
    settle(call, running(call), { state: 'failed', error: String(call.query.error) }),
})

/** One answered form: who, and each field. */
const formRow = ({ run, outputs }: Execution): Readonly<Record<string, unknown>> => ({
  user: run?.user,
  ...((outputs?.fields as Json | undefined) ?? outputs),
})
