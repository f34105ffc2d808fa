import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { fail, invalid, notFound } from '../errors.ts'
import { newId } from '../ids.ts'
import { page, whole } from '../paging.ts'
import { objectBody } from '../resource.ts'
import type { Document, Json } from '../tables/document.ts'
import { type OktaCall, operations } from './define.ts'

const poolId = (call: OktaCall): string => (call.params as { poolId: string }).poolId

/** Pools come with agents that are installed somewhere: an org of a twin has those its fixture gives it. */
const poolOf = (call: OktaCall): Document =>
  call.tables.agentPools.get(poolId(call)) ?? notFound(poolId(call), 'AppInstance')

const poolView = (row: Document) => ({ id: row.id, ...row.data })

interface Agent {
  readonly id: string
  readonly poolId?: string
}

/** What updating agents is told, with what Okta knows of each agent. */
const updateView = (row: Document) => {
  const { name, agentType, agents, enabled, schedule, notifyAdmin, targetVersion, description } = row.data
  return {
    id: row.id,
    name,
    agentType,
    agents,
    enabled,
    schedule,
    notifyAdmin,
    ...(description ? { description } : {}),
    status: row.status,
    targetVersion,
    _links: {},
  }
}

function updateOf(call: OktaCall): Document {
  const { updateId } = call.params as { updateId: string }
  const row = call.tables.agentPoolUpdates.get(updateId)
  return row?.parent === poolId(call) ? row : notFound(updateId, 'AgentPoolUpdate')
}

function updateData(call: OktaCall): Json {
  const body = objectBody(call as { body: unknown })
  const missing = [
    ...(body.name ? [] : ['name']),
    ...(body.agentType ? [] : ['agentType']),
    ...(Array.isArray(body.agents) && body.agents.length > 0 ? [] : ['agentList']),
  ]
  if (missing[0])
    invalid(
      missing[0],
      missing.map((field) => `errors in the field: ${field}`),
    )
  const pool = poolOf(call)
  const known = (pool.data.agents ?? []) as Agent[]
  const { cron, timezone, duration, delay } = (body.schedule ?? {}) as Record<string, unknown>
  return {
    name: body.name,
    agentType: body.agentType,
    agents: (body.agents as Agent[]).map((agent) => ({ ...agent, ...known.find((one) => one.id === agent.id) })),
    enabled: body.enabled ?? false,
    schedule: { cron, timezone, ...(delay ? { delay } : {}), duration },
    notifyAdmin: body.notifyAdmin ?? false,
    targetVersion: body.targetVersion || ((known[0] as { version?: string } | undefined)?.version ?? ''),
    ...(body.description ? { description: body.description } : {}),
  }
}

/** Steps an update can take: from which statuses, to which. */
const MOVES: Readonly<Record<string, { from: readonly string[]; to: string }>> = {
  activate: { from: ['Scheduled', 'Cancelled', 'Failed'], to: 'Scheduled' },
  deactivate: { from: ['Scheduled'], to: 'Cancelled' },
  pause: { from: ['InProgress', 'Scheduled'], to: 'Paused' },
  resume: { from: ['Paused'], to: 'InProgress' },
  retry: { from: ['Failed'], to: 'InProgress' },
  stop: { from: ['InProgress', 'Paused'], to: 'Cancelled' },
}

const move = (name: string) => (call: OktaCall) => {
  const row = updateOf(call)
  const { from, to } = MOVES[name] as { from: readonly string[]; to: string }
  if (!from.includes(row.status ?? '')) fail('E0000107')
  const enabled = name === 'activate' ? true : name === 'deactivate' ? false : row.data.enabled
  return {
    status: 201,
    body: updateView(
      call.tables.agentPoolUpdates.patch(row.id, { status: to, data: { ...row.data, enabled }, lastUpdated: call.now }),
    ),
  }
}

const settingsId = (pool: string) => `agentPools/${pool}`

const settingsView = (call: OktaCall) => {
  const pool = poolOf(call)
  const initial = {
    agentType: pool.data.type,
    continueOnError: false,
    latestVersion: null,
    minimalSupportedVersion: null,
    poolId: pool.id,
    poolName: pool.data.name,
    releaseChannel: 'GA',
  }
  return { ...initial, ...call.tables.settings.get(settingsId(pool.id))?.data }
}

/** Pools of directory and RADIUS agents, and their updates. */
export const agentPools = operations({
  listAgentPools(call) {
    const { poolType } = call.query
    const rows = call.tables.agentPools.all().filter((row) => poolType === undefined || row.data.type === poolType)
    return page(call, rows, { limit: 5, max: 200 }, poolView)
  },
  /** A pool nobody has shows no updates: seen in traffic. */
  listAgentPoolsUpdates(call) {
    const { scheduled } = call.query
    const rows = call.tables.agentPoolUpdates.where('parent', poolId(call))
    return whole(
      rows.filter((row) => scheduled === undefined || (row.status === 'Scheduled') === scheduled),
      updateView,
    )
  },
  createAgentPoolsUpdate(call) {
    const data = updateData(call)
    const row = call.tables.agentPoolUpdates.insert({
      id: newId(call, 'ajd'),
      parent: poolId(call),
      status: 'Scheduled',
      created: call.now,
      lastUpdated: call.now,
      data,
    })
    return ok(updateView(row))
  },
  getAgentPoolsUpdateInstance: (call) => ok(updateView(updateOf(call))),
  updateAgentPoolsUpdate(call) {
    const row = updateOf(call)
    return ok(updateView(call.tables.agentPoolUpdates.patch(row.id, { data: updateData(call), lastUpdated: call.now })))
  },
  deleteAgentPoolsUpdate(call) {
    call.tables.agentPoolUpdates.remove(updateOf(call).id)
    return noContent()
  },
  getAgentPoolsUpdateSettings: (call) => ok(settingsView(call)),
  updateAgentPoolsUpdateSettings(call) {
    const pool = poolOf(call)
    call.tables.settings.put({
      id: settingsId(pool.id),
      created: call.now,
      lastUpdated: call.now,
      data: objectBody(call as { body: unknown }),
    })
    return { status: 201, body: settingsView(call) }
  },
  activateAgentPoolsUpdate: move('activate'),
  deactivateAgentPoolsUpdate: move('deactivate'),
  pauseAgentPoolsUpdate: move('pause'),
  resumeAgentPoolsUpdate: move('resume'),
  retryAgentPoolsUpdate: move('retry'),
  stopAgentPoolsUpdate: move('stop'),
})
