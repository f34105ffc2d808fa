import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, openWorkspace, type Workspace } from './testing.ts'

let workspace: Workspace
let bot: Client
let user: Client
let config: Client
let functionId: string
let workflowId: string
let triggerId: string
let pia: string
let appId: string

const manifest = {
  functions: {
    review: {
      title: 'Review',
      description: 'Asks for a review',
      input_parameters: { properties: { text: { type: 'string', title: 'Text' } }, required: ['text'] },
      output_parameters: { verdict: { type: 'string', is_required: true } },
    },
  },
  workflows: {
    publish: {
      title: 'Publish a post',
      description: 'From form to review',
      input_parameters: { properties: { channel: { type: 'slack#/types/channel_id' } } },
      steps: [
        { id: '0', function_id: 'slack#/functions/open_form', inputs: { title: 'What is it?' } },
        { id: '1', function_id: '#/functions/review', inputs: { text: 'Please read: {{steps.0.fields.body}}' } },
        { id: '2', function_id: '#/functions/review', inputs: { text: '{{steps.1.verdict}}' } },
      ],
    },
  },
}

const OWNER = 'owner@example.test'

beforeAll(async () => {
  workspace = await openWorkspace({ fixture: 'grid' })
  ;({ bot, user, config } = workspace)
  appId = workspace.access.appId
  pia = (await bot.ok('users.lookupByEmail', { email: 'pia.stahl@grid.test' })).user.id
  const deployed = workspace.act('deploySteps', { user: OWNER, manifest })
  functionId = deployed.functions.review
  workflowId = deployed.workflows.publish
  triggerId = workspace.act('createTrigger', { workflow: workflowId, name: 'Publish', type: 'shortcut' }).trigger_id
})
afterAll(() => workspace.close())

describe('a workflow', () => {
  it('runs step by step: forms are answered, apps are asked, outputs fill the inputs that follow', async () => {
    const listener = await workspace.listen()
    const answers = { 0: { fields: { body: 'Anvils, "light"' } } }
    workspace.act('runWorkflow', { user: OWNER, trigger: triggerId, answers })
    await listener.heard({ type: 'function_executed', inputs: { text: 'Please read: Anvils, "light"' } })
    const [first] = listener.events
    expect(first.function).toMatchObject({
      id: functionId,
      callback_id: 'review',
      input_parameters: [{ name: 'text', type: 'string', is_required: true }],
    })
    const step = workspace.as(first.bot_access_token)
    const { function_execution_id } = first
    expect(await bot.error('functions.completeSuccess', { function_execution_id, outputs: {} })).toBe(
      'parameter_validation_failed',
    )
    await step.ok('functions.completeSuccess', { function_execution_id, outputs: { verdict: 'fine' } })
    expect(await step.error('functions.completeSuccess', { function_execution_id, outputs: { verdict: 'x' } })).toBe(
      'execution_not_in_running_state',
    )
    await listener.heard({ type: 'function_executed', inputs: { text: 'fine' } })
    const second = listener.events.find((event) => event.inputs?.text === 'fine')
    await bot.ok('functions.completeError', { function_execution_id: second.function_execution_id, error: 'too late' })
    expect(await bot.error('functions.completeError', { function_execution_id: 'Fx0', error: 'x' })).toBe(
      'function_execution_not_found',
    )
    listener.close()
  })

  it('leaves lines in the activity log', async () => {
    const { activities } = await user.ok('apps.activities.list', { app_id: appId, component_type: 'functions' })
    expect(activities[0]).toMatchObject({
      event_type: 'function_execution_result',
      level: 'error',
      component_id: functionId,
      payload: { exec_outcome: 'Failed', error: 'too late' },
    })
    const errors = await user.ok('apps.activities.list', { app_id: appId, min_log_level: 'error' })
    expect(errors.activities).toHaveLength(1)
    const first = await user.ok('admin.apps.activities.list', { sort_direction: 'asc', limit: 1 })
    expect(first.activities).toMatchObject([{ app_id: appId, event_type: 'function_deployment' }])
    expect(first.response_metadata.next_cursor).not.toBe('')
    expect(await user.error('apps.activities.list', { app_id: 'A0NOBODY00' })).toBe('invalid_app')
    expect(await user.error('apps.activities.list', { app_id: 'nonsense' })).toBe('invalid_app_id')
    expect(await user.error('apps.activities.list', { app_id: appId, min_log_level: 'loud' })).toBe('invalid_args')
  })

  it('shows where functions are used, and sends the answers to its forms', async () => {
    const { steps_versions } = await bot.ok('functions.workflows.steps.list', { function_id: functionId })
    expect(steps_versions.map((step: { step_id: string }) => step.step_id)).toEqual(['1', '2'])
    expect(await bot.error('functions.workflows.steps.list', { function_id: 'Fn0NOTHING' })).toBe('unknown_function_id')
    const named = { workflow: '#/workflows/publish', workflow_app_id: appId }
    await user.ok('functions.workflows.steps.responses.export', { step_id: '0', ...named })
    const { channel } = await user.ok('conversations.open', { users: 'USLACKBOT' })
    const { messages } = await user.ok('conversations.history', { channel: channel.id })
    const [file] = messages[0].files
    expect(file.name).toBe('Publish a post responses.csv')
    const headers = { authorization: `Bearer ${workspace.access.userToken}` }
    expect(await (await fetch(file.url_private, { headers })).text()).toMatch(
      /^user,body\r\nU.*,"Anvils, ""light"""\r\n$/,
    )
    const wrong = { step_id: '1', workflow_id: workflowId }
    expect(await user.error('functions.workflows.steps.responses.export', wrong)).toBe('unknown_step_id')
    const unknown = { step_id: '0', workflow_id: 'Wf0NOTHING' }
    expect(await user.error('functions.workflows.steps.responses.export', unknown)).toBe('unknown_workflow_id')
  })
})

describe('who may run a trigger', () => {
  const list = () => bot.ok('workflows.triggers.permissions.list', { trigger_id: triggerId })

  it('is its app’s collaborators, until it is set', async () => {
    expect(await list()).toMatchObject({ permission_type: 'app_collaborators', user_ids: [expect.any(String)] })
    expect(() => workspace.act('runWorkflow', { user: 'pia.stahl@grid.test', trigger: triggerId })).toThrow(
      'access_denied',
    )
    const add = { trigger_id: triggerId, user_ids: pia }
    expect(await bot.error('workflows.triggers.permissions.add', add)).toBe('invalid_permission_type')
    const named = { trigger_id: triggerId, permission_type: 'named_entities' }
    expect(await bot.error('workflows.triggers.permissions.set', named)).toBe('named_entities_cannot_be_empty')
    await bot.ok('workflows.triggers.permissions.set', { ...named, user_ids: [pia] })
    expect(workspace.act('runWorkflow', { user: 'pia.stahl@grid.test', trigger: triggerId })).toMatchObject({
      ok: true,
    })
  })

  it('takes people, channels and workspaces, and keeps at least one', async () => {
    const { channels } = await user.ok('conversations.list')
    const team = workspace.access.teamId
    await bot.ok('workflows.triggers.permissions.add', {
      trigger_id: triggerId,
      channel_ids: [channels[0].id],
      team_ids: team,
    })
    expect(await list()).toMatchObject({ user_ids: [pia], channel_ids: [channels[0].id], team_ids: [team] })
    const gone = { trigger_id: triggerId, channel_ids: channels[0].id, team_ids: team }
    await bot.ok('workflows.triggers.permissions.remove', gone)
    expect(await bot.error('workflows.triggers.permissions.remove', { trigger_id: triggerId, user_ids: pia })).toBe(
      'named_entities_cannot_be_empty',
    )
    const stranger = { trigger_id: triggerId, user_ids: 'U0NOBODY00' }
    expect(await bot.error('workflows.triggers.permissions.add', stranger)).toBe('user_not_found')
    expect(await bot.error('workflows.triggers.permissions.list', { trigger_id: 'Ft0NOTHING' })).toBe(
      'trigger_not_found',
    )
  })
})

describe('who may use a function', () => {
  it('is set by those who work on its app', async () => {
    const where = { function_callback_id: 'review', function_app_id: appId }
    expect(await config.ok('functions.distributions.permissions.list', where)).toMatchObject({
      permission_type: 'app_collaborators',
      users: [{ username: 'owner', email: OWNER }],
    })
    expect(await config.error('functions.distributions.permissions.set', where)).toBe('permission_type_required')
    const named = { ...where, permission_type: 'named_entities', user_ids: pia }
    await config.ok('functions.distributions.permissions.set', named)
    const { user_id: me } = await user.ok('auth.test')
    const both = await config.ok('functions.distributions.permissions.add', { function_id: functionId, user_ids: me })
    expect(both.users.map((one: { user_id: string }) => one.user_id)).toEqual([pia, me])
    const left = await config.ok('functions.distributions.permissions.remove', {
      function_id: functionId,
      user_ids: me,
    })
    expect(left.users).toMatchObject([{ user_id: pia }])
    const missing = { function_id: 'Fn0NOTHING', permission_type: 'everyone' }
    expect(await config.error('functions.distributions.permissions.set', missing)).toBe('function_not_found')
    expect(await bot.error('functions.distributions.permissions.list', where)).toBe('not_allowed_token_type')
  })
})

describe('featured workflows', () => {
  it('belong to a channel', async () => {
    const { channel } = await bot.ok('conversations.create', { name: 'writers' })
    const here = { channel_id: channel.id }
    await bot.ok('workflows.featured.add', { ...here, trigger_ids: [triggerId] })
    const listed = () => bot.ok('workflows.featured.list', { channel_ids: channel.id })
    expect((await listed()).featured_workflows).toEqual([
      { channel_id: channel.id, triggers: [{ id: triggerId, title: 'Publish a post' }] },
    ])
    await bot.ok('workflows.featured.remove', { ...here, trigger_ids: triggerId })
    expect((await listed()).featured_workflows[0].triggers).toEqual([])
    await bot.ok('workflows.featured.set', { ...here, trigger_ids: triggerId })
    expect((await listed()).featured_workflows[0].triggers).toHaveLength(1)
    expect(await bot.error('workflows.featured.add', { ...here, trigger_ids: 'Ft0NOTHING' })).toBe(
      'error_modifying_workflows',
    )
    expect(await bot.refusal('workflows.featured.list', { channel_ids: 'C0NOWHERE0' })).toMatchObject({
      error: 'error_invalid_channels',
      invalid_channel_ids: ['C0NOWHERE0'],
    })
  })
})

describe('administrators', () => {
  it('search workflows, change who works on them, and unpublish them', async () => {
    workspace.act('createWorkflow', { user: OWNER, callback_id: 'hello', title: 'Hello' })
    const found = await user.ok('admin.workflows.search', { query: 'post' })
    expect(found).toMatchObject({ total_found: 1, workflows: [{ id: workflowId, trigger_ids: [triggerId] }] })
    const paged = await user.ok('admin.workflows.search', { limit: 1, sort_dir: 'asc' })
    expect(paged).toMatchObject({ total_found: 2, workflows: [{ title: 'Hello', source: 'workflow_builder' }] })
    const both = { workflow_ids: workflowId, collaborator_ids: pia }
    await user.ok('admin.workflows.collaborators.add', both)
    expect((await user.ok('admin.workflows.search', { collaborator_ids: pia })).total_found).toBe(1)
    await user.ok('admin.workflows.collaborators.remove', both)
    expect((await user.ok('admin.workflows.search', { collaborator_ids: pia })).total_found).toBe(0)
    const stranger = { workflow_ids: workflowId, collaborator_ids: 'U0NOBODY00' }
    expect(await user.refusal('admin.workflows.collaborators.add', stranger)).toMatchObject({
      error: 'error_adding_collaborators',
      errors: [{ user: 'U0NOBODY00', message: 'user_not_found' }],
    })
    expect(await user.ok('admin.workflows.permissions.lookup', { workflow_ids: workflowId })).toMatchObject({
      permissions: {
        [workflowId]: { complete: true, who_can_run: { permission_type: 'named_entities', user_ids: [pia] } },
      },
    })
    await user.ok('admin.workflows.unpublish', { workflow_ids: workflowId })
    expect((await user.ok('admin.workflows.search', { publish_status: 'unpublished' })).total_found).toBe(1)
    expect(() => workspace.act('runWorkflow', { user: OWNER, trigger: triggerId })).toThrow('workflow_not_published')
    expect(await bot.error('admin.workflows.search')).toBe('not_allowed_token_type')
  })

  it('limit functions and types of triggers', async () => {
    const { functions } = await user.ok('admin.functions.list', { app_ids: appId })
    expect(functions).toMatchObject([{ id: functionId, callback_id: 'review', app_id: appId }])
    await user.ok('admin.functions.permissions.set', { function_id: functionId, visibility: 'no_one' })
    expect(
      await user.ok('admin.functions.permissions.lookup', { function_ids: `${functionId},Fn0NOTHING` }),
    ).toMatchObject({
      permissions: {
        [functionId]: { allowed_by_admin: { permission: 'no_one' }, distribution: { type: 'named_entities' } },
      },
      metadata: { [functionId]: { workflows_using: 1 } },
      errors: { Fn0NOTHING: 'function_not_found' },
    })
    const client = workspace.as(workspace.token('user', ['client']))
    const type = { id: 'FTT0101', visibility: 'named_entities' }
    expect(await client.error('admin.workflows.triggers.types.permissions.set', type)).toBe('invalid_named_entities')
    await client.ok('admin.workflows.triggers.types.permissions.set', { ...type, user_ids: [pia] })
    const looked = await client.ok('admin.workflows.triggers.types.permissions.lookup', { trigger_type_ids: 'FTT0101' })
    expect(looked).toMatchObject({
      permissions: { Ftt0101: { permission: 'named_entities', user_ids: [pia] } },
      metadata: { Ftt0101: { workflows_using: 1, available_in_workflow_builder: true } },
    })
    const unknown = { trigger_type_ids: 'FTT9' }
    expect(await client.error('admin.workflows.triggers.types.permissions.lookup', unknown)).toBe(
      'trigger_type_id_not_found',
    )
    expect(await user.error('admin.workflows.triggers.types.permissions.lookup', unknown)).toBe('missing_scope')
  })
})
