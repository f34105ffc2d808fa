import { z } from 'zod'
import type { SlackMoment } from '../caller.ts'
import { mainApp } from '../defaults.ts'
import { fail } from '../errors.ts'
import { announce } from '../events.ts'
import { newId, seconds } from '../ids.ts'
import { newTrigger } from '../modals.ts'
import { TRIGGER_TYPES } from '../rules/workflows.ts'
import type { App, Json, Message } from '../tables.ts'
import { declareSteps, functionNamed, runTrigger } from '../workflows.ts'
import { act, channel, ownPlace, person, user } from './people.ts'

const app = z.string().optional()
const step = z.strictObject({
  id: z.string().optional(),
  function: z.string(),
  inputs: z.record(z.string(), z.unknown()).default({}),
})

const appNamed = (moment: SlackMoment, id: string | undefined): App => {
  const found = id === undefined ? mainApp(moment) : moment.tables.apps.get(id)
  if (!found) throw fail('app_not_found')
  return found
}

/** What people build and run where Slack has Workflow Builder, and what they open where an app shows work objects. */
export const workflowActs = {
  /** Deploys functions and workflows of an app, as its manifest would. */
  deploySteps: act(z.strictObject({ user, app, manifest: z.record(z.string(), z.unknown()) }), (moment, input) => {
    const me = person(moment, input.user)
    const known = appNamed(moment, input.app)
    const changed = moment.tables.apps.replace({
      ...known,
      manifest: { ...known.manifest, ...input.manifest },
      collaborators: [...new Set([...(known.collaborators ?? []), me.id])],
    })
    declareSteps(moment, changed, me.teamId, me.id)
    const own = <Row extends { appId: string; callbackId: string; id: string }>(rows: readonly Row[]) =>
      Object.fromEntries(rows.filter((row) => row.appId === changed.id).map((row) => [row.callbackId, row.id]))
    return { ok: true, functions: own(moment.tables.functions.all()), workflows: own(moment.tables.workflows.all()) }
  }),

  /** Builds a workflow from steps and publishes it. */
  createWorkflow: act(
    z.strictObject({
      user,
      app,
      callback_id: z.string(),
      title: z.string(),
      description: z.string().default(''),
      steps: z.array(step).default([]),
    }),
    (moment, input) => {
      const me = person(moment, input.user)
      const owner = appNamed(moment, input.app)
      const now = seconds(moment.now)
      const row = moment.tables.workflows.insert({
        id: newId(moment.random, 'workflow'),
        appId: owner.id,
        teamId: me.teamId,
        callbackId: input.callback_id,
        title: input.title,
        description: input.description,
        source: 'workflow_builder',
        inputs: [],
        steps: input.steps.map((one, i) => ({
          id: one.id ?? String(i),
          functionId: functionNamed(moment, owner, one.function),
          inputs: one.inputs,
        })),
        published: true,
        collaborators: [me.id],
        created: now,
        updated: now,
        updatedBy: me.id,
      })
      return { ok: true, workflow_id: row.id }
    },
  ),

  /** Gives a workflow something that starts it. */
  createTrigger: act(
    z.strictObject({
      workflow: z.string(),
      name: z.string(),
      type: z.enum(['shortcut', 'event', 'scheduled', 'webhook']).default('shortcut'),
    }),
    (moment, input) => {
      if (!moment.tables.workflows.has(input.workflow)) throw fail('workflow_not_found')
      const row = moment.tables.workflowTriggers.insert({
        id: newId(moment.random, 'trigger'),
        workflowId: input.workflow,
        name: input.name,
        type: TRIGGER_TYPES[input.type] as string,
      })
      return { ok: true, trigger_id: row.id }
    },
  ),

  /** Starts a workflow. `answers`: what is filled into its forms, by step id. */
  runWorkflow: act(
    z.strictObject({
      user,
      trigger: z.string(),
      inputs: z.record(z.string(), z.unknown()).default({}),
      answers: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
    }),
    (moment, input) => {
      const trigger = moment.tables.workflowTriggers.get(input.trigger)
      if (!trigger) throw fail('trigger_not_found')
      const run = runTrigger(moment, trigger, person(moment, input.user), input.inputs, input.answers)
      return { ok: true, workflow_execution_id: run.id }
    },
  ),

  /** Signs in to another service on an app's behalf: the app may then fetch the token by its id. */
  connectAccount: act(
    z.strictObject({
      user,
      app,
      provider: z.string(),
      token: z.string(),
      refreshable: z.boolean().default(true),
      extras: z.record(z.string(), z.unknown()).optional(),
      expires_in: z.number().int().default(3600),
    }),
    (moment, input) => {
      const row = moment.tables.externalTokens.insert({
        id: newId(moment.random, 'externalToken'),
        appId: appNamed(moment, input.app).id,
        userId: person(moment, input.user).id,
        provider: input.provider,
        token: input.token,
        refreshable: input.refreshable,
        expires: seconds(moment.now) + input.expires_in,
        ...(input.extras ? { extras: input.extras } : {}),
      })
      return { ok: true, external_token_id: row.id }
    },
  ),

  /** Opens a work object of a message, or its comments: the app is asked for what to show. */
  openEntity: act(
    z.strictObject({ user, channel, ts: z.string(), entity: z.string(), comments: z.boolean().default(false) }),
    (moment, input) => {
      const me = person(moment, input.user)
      const where = ownPlace(moment, me, input.channel)
      const message = moment.tables.messages.get(`${where.id}:${input.ts}`)
      const entity = message && entitiesOf(message).find((one) => referenceOf(one).id === input.entity)
      const owner = moment.tables.apps.get(String(entity?.app_id ?? message?.appId ?? ''))
      if (!message || !entity || !owner) throw fail('entity_not_found')
      const trigger = newTrigger(moment, owner, me.id, undefined, input.entity)
      const url = String(entity.url ?? '')
      const link = { url, domain: URL.canParse(url) ? new URL(url).hostname : '' }
      const about = { user: me.id, external_ref: referenceOf(entity), entity_url: url, link, trigger_id: trigger }
      const event = input.comments
        ? { type: 'entity_comments_requested', ...about, limit: 100 }
        : {
            type: 'entity_details_requested',
            ...about,
            app_unfurl_url: entity.app_unfurl_url ?? url,
            user_locale: 'en-US',
            channel: where.id,
            message_ts: message.ts,
            ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
          }
      announce(moment, event, { appId: owner.id })
      return { ok: true, trigger_id: trigger }
    },
  ),

  /** What apps showed a person beside work objects. */
  entityPane: act(z.strictObject({ user }), (moment, input) => ({
    ok: true,
    entities: moment.tables.presentations
      .where('user', person(moment, input.user).id)
      .map(({ entity, shown }) => ({ entity, ...shown })),
  })),
}

/** Work objects of a message: unfurled, or posted as metadata. */
const entitiesOf = (message: Message): readonly Json[] => [
  ...(message.entities ?? []),
  ...((message.metadata?.entities as readonly Json[] | undefined) ?? []),
]

const referenceOf = (entity: Json) => {
  const { id, type } = (entity.external_ref ?? {}) as { id?: unknown; type?: unknown }
  return { id: String(id ?? ''), ...(type === undefined ? {} : { type }) }
}
