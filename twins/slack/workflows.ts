import { accessOf, allows } from './accessLists.ts'
import type { SlackMoment } from './caller.ts'
import { fail } from './errors.ts'
import { announce } from './events.ts'
import { newId, seconds } from './ids.ts'
import { newToken } from './install.ts'
import { declaredFunctions, declaredWorkflows } from './rules/manifest.ts'
import { BUILT_IN, filledIn, OPEN_FORM } from './rules/workflows.ts'
import type {
  Activity,
  App,
  AppFunction,
  Execution,
  Json,
  User,
  Workflow,
  WorkflowRun,
  WorkflowTrigger,
} from './tables.ts'

/** Rows of functions and workflows: declared by manifests, started by triggers, advanced by what apps complete. */

/** Brings an app's functions and workflows in line with its manifest; what is no longer declared is deleted. */
export function declareSteps(moment: SlackMoment, app: App, teamId: string, by: string): void {
  const { functions, workflows } = moment.tables
  const now = seconds(moment.now)
  const declared = declaredFunctions(app.manifest)
  for (const row of functions.all())
    if (row.appId === app.id && !declared.some((one) => one.callbackId === row.callbackId))
      functions.replace({ ...row, deleted: now, updated: now })
  for (const one of declared) {
    const known = functions.by('callback', [app.id, one.callbackId])
    const row = functions.put({
      id: known?.id ?? newId(moment.random, 'function'),
      appId: app.id,
      created: known?.created ?? now,
      updated: now,
      deleted: 0,
      ...one,
    })
    logActivity(moment, app, teamId, 'functions', row.id, 'function_deployment', {
      action: known ? 'update' : 'create',
    })
  }
  for (const one of declaredWorkflows(app.manifest)) {
    const known = workflows.by('callback', [app.id, one.callbackId])
    workflows.put({
      id: known?.id ?? newId(moment.random, 'workflow'),
      appId: app.id,
      teamId,
      source: 'code',
      published: true,
      collaborators: known?.collaborators ?? [by],
      created: known?.created ?? now,
      updated: now,
      updatedBy: by,
      ...one,
      steps: one.steps.map((step) => ({ ...step, functionId: functionNamed(moment, app, step.functionId) })),
    })
  }
}

/** `#/functions/name` of the same app, a built-in one, or an id. */
export function functionNamed(moment: SlackMoment, app: App, reference: string): string {
  const own = /^#\/functions\/(.+)$/.exec(reference)?.[1]
  const id =
    own === undefined ? (BUILT_IN[reference] ?? reference) : moment.tables.functions.by('callback', [app.id, own])?.id
  if (id === undefined) throw fail('invalid_manifest', { errors: [{ message: `unknown function ${reference}` }] })
  return id
}

const LEVEL: Readonly<Record<string, Activity['level']>> = { failed: 'error' }

/** A line in the app's activity log. */
export function logActivity(
  moment: SlackMoment,
  app: Pick<App, 'id'>,
  teamId: string,
  componentType: Activity['componentType'],
  componentId: string,
  eventType: string,
  payload: Json,
  traceId = newId(moment.random, 'trace'),
): void {
  moment.tables.activities.insert({
    id: moment.sequence('activity', 1),
    appId: app.id,
    teamId,
    componentType,
    componentId,
    eventType,
    level: LEVEL[String(payload.exec_outcome ?? '').toLowerCase()] ?? 'info',
    payload,
    traceId,
    created: moment.now * 1000,
  })
}

/** A person starts a workflow. Answers to its forms are given beforehand, by step. */
export function runTrigger(
  moment: SlackMoment,
  trigger: WorkflowTrigger,
  user: User,
  inputs: Json,
  answers: Readonly<Record<string, Json>>,
): WorkflowRun {
  const workflow = moment.tables.workflows.get(trigger.workflowId) as Workflow
  const app = moment.tables.apps.get(workflow.appId) as App
  if (!workflow.published) throw fail('workflow_not_published')
  if (!allows(moment, accessOf(moment, `trigger:${trigger.id}`, 'app_collaborators'), user.id, app))
    throw fail('access_denied')
  const run = { id: newId(moment.random, 'run'), workflowId: workflow.id, step: 0, user: user.id, inputs, outputs: {} }
  logActivity(moment, app, user.teamId, 'workflows', workflow.id, 'workflow_execution_started', {
    workflow_name: workflow.title,
    actor: user.id,
  })
  return advance(moment, run, answers)
}

/** Runs steps until one waits for its app. */
export function advance(
  moment: SlackMoment,
  run: WorkflowRun,
  answers: Readonly<Record<string, Json>> = {},
): WorkflowRun {
  const workflow = moment.tables.workflows.get(run.workflowId)
  const step = workflow?.steps[run.step]
  const app = workflow && moment.tables.apps.get(workflow.appId)
  if (!workflow || !app) return run
  if (!step) {
    logActivity(moment, app, workflow.teamId, 'workflows', workflow.id, 'workflow_execution_result', {
      workflow_name: workflow.title,
      exec_outcome: 'Success',
    })
    return run
  }
  const inputs = filledIn(step.inputs, run) as Json
  const provided = moment.tables.functions.get(step.functionId)
  if (provided) {
    execute(moment, provided, inputs, run)
    return run
  }
  const outputs = answers[step.id] ?? {}
  const state = 'completed' as const
  const execution = { id: newId(moment.random, 'execution'), appId: app.id, functionId: step.functionId, inputs }
  moment.tables.executions.insert({ ...execution, state, outputs, run })
  return advance(moment, { ...run, step: run.step + 1, outputs: { ...run.outputs, [step.id]: outputs } }, answers)
}

/** Has an app do a step: `function_executed`, with a token for this run alone. */
export function execute(moment: SlackMoment, row: AppFunction, inputs: Json, run?: WorkflowRun): Execution {
  const app = moment.tables.apps.get(row.appId) as App
  const bot = moment.tables.users.get(app.botUserId ?? '')
  if (!bot) throw fail('app_not_found')
  const execution = moment.tables.executions.insert({
    id: newId(moment.random, 'execution'),
    appId: app.id,
    functionId: row.id,
    state: 'running',
    inputs,
    ...(run ? { run } : {}),
  })
  const token = newToken(moment, 'workflow', {
    teamId: bot.teamId,
    appId: app.id,
    userId: bot.id,
    botId: app.botId as string,
    scopes: app.scopes.bot,
  })
  announce(
    moment,
    {
      type: 'function_executed',
      function: functionView(row),
      inputs,
      function_execution_id: execution.id,
      workflow_execution_id: run?.id ?? newId(moment.random, 'run'),
      bot_access_token: moment.seal(token.secret),
    },
    { appId: app.id },
  )
  const payload = { function_name: row.title, function_type: 'app' }
  logActivity(moment, app, bot.teamId, 'functions', row.id, 'function_execution_started', payload)
  return execution
}

/** An app finished a step: the log says so, and the workflow goes on. */
export function finish(moment: SlackMoment, row: Execution): void {
  const app = moment.tables.apps.get(row.appId) as App
  const bot = moment.tables.users.get(app.botUserId ?? '')
  const provided = moment.tables.functions.get(row.functionId)
  logActivity(moment, app, bot?.teamId ?? '', 'functions', row.functionId, 'function_execution_result', {
    function_name: provided?.title ?? '',
    function_type: 'app',
    exec_outcome: row.state === 'completed' ? 'Success' : 'Failed',
    ...(row.error ? { error: row.error } : {}),
  })
  const step = row.run && moment.tables.workflows.get(row.run.workflowId)?.steps[row.run.step]
  if (!row.run || !step || row.state !== 'completed') return
  advance(moment, { ...row.run, step: row.run.step + 1, outputs: { ...row.run.outputs, [step.id]: row.outputs ?? {} } })
}

export const functionView = (row: AppFunction) => ({
  id: row.id,
  callback_id: row.callbackId,
  title: row.title,
  description: row.description,
  type: 'app',
  input_parameters: row.inputs,
  output_parameters: row.outputs,
  app_id: row.appId,
  date_created: row.created,
  date_updated: row.updated,
  date_deleted: row.deleted,
})

/** What was answered in a form of a workflow, oldest first. */
export const formResponses = (moment: SlackMoment, workflow: Workflow, stepId: string): Execution[] =>
  moment.tables.executions
    .all()
    .filter(
      ({ functionId, run }) =>
        functionId === OPEN_FORM && run?.workflowId === workflow.id && workflow.steps[run.step]?.id === stepId,
    )
