import { z } from 'zod'
import { FixtureError, fixtureNamed, parseFixture } from '../../harness/fixtures.ts'
import { Clock } from '../../universe/clock.ts'
import type { Universe } from '../../universe/universe.ts'
import type { Fixture, Multiverse } from '../multiverse.ts'
import type { Persistence } from '../persistence.ts'
import { proxyEnvironment } from '../pointing/environment.ts'
import type { TwinServer } from '../server.ts'
import { ControlError, endpoint } from './endpoint.ts'
import { changeClock, clockChange, clockView, faultPlan, limitPlan } from './schemas.ts'

export interface ControlContext {
  readonly server: TwinServer
  readonly multiverse: Multiverse
  /** Keeps universes that were given a name, when there is a data folder. */
  readonly persistence?: Persistence
}

export const idParams = z.object({ id: z.string() })

/** What a universe is, with everything needed to use it. */
export function universeView({ multiverse, server }: ControlContext, universe: Universe) {
  const access = multiverse.access(universe)
  return {
    id: universe.id,
    from: universe.createdFrom,
    seed: universe.seed,
    clock: clockView(universe.clock),
    calls: universe.ledger.last,
    snapshots: universe.snapshots,
    faults: universe.faulty ? universe.faults.rules : [],
    limits: { ...universe.limits.plan, wouldThrottle: Object.fromEntries(universe.limits.wouldThrottle) },
    ports: Object.fromEntries(
      server.listeners
        .filter(({ binding }) => binding.universe === universe.id && binding.twin !== undefined)
        .map(({ binding, port }) => [binding.twin, port]),
    ),
    twins: access,
    env: {
      ...(Object.assign({}, ...Object.values(access).map((twin) => twin.env)) as Record<string, string>),
      ...ownVariables(server, universe),
    },
  }
}

/** What a program needs to know of the process itself. */
function ownVariables(server: TwinServer, universe: Universe): Record<string, string> {
  const main = server.listeners.find(({ binding }) => binding.twin === undefined)
  return {
    ...(main ? { DTU_URL: `http://localhost:${main.port}` } : {}),
    DTU_UNIVERSE: universe.id,
    DTU_CA_CERT: server.authority.certificateFile,
  }
}

const universeReply = z
  .object({ id: z.string(), twins: z.record(z.string(), z.looseObject({})), env: z.record(z.string(), z.string()) })
  .loose()

/** A fixture by name or path, or written out as YAML text. */
const fixtureInput = z.union([z.string(), z.strictObject({ yaml: z.string() })])

async function fixtureOf(multiverse: Multiverse, input: z.output<typeof fixtureInput>): Promise<Fixture> {
  const twins = [...multiverse.apps.values()].map(({ twin }) => twin)
  try {
    if (typeof input === 'string') return await fixtureNamed(input, twins)
    return parseFixture('inline', [{ file: 'yaml', text: input.yaml }], twins)
  } catch (error) {
    if (error instanceof FixtureError)
      throw new ControlError(400, 'bad_fixture', error.problems[0] as string, error.problems)
    throw error
  }
}

/** Making, forking, resetting and removing universes. */
export function universeEndpoints(context: ControlContext) {
  const { multiverse, server, persistence } = context
  const view = (universe: Universe) => universeView(context, universe)
  return [
    endpoint({
      method: 'post',
      path: '/api/universes',
      id: 'createUniverse',
      summary: 'Makes a universe from a fixture, or as a fork of another',
      body: z.strictObject({
        id: z.string().optional(),
        fixture: fixtureInput.default('blank'),
        /** Fork this universe instead of seeding a fixture. */
        from: z.string().optional(),
        seed: z.int().min(0).optional(),
        clock: clockChange.optional(),
        limits: limitPlan.optional(),
        faults: faultPlan.optional(),
        /** Give it a port per twin, for SDKs that drop a base path. */
        ports: z.boolean().default(false),
      }),
      reply: universeReply,
      status: 201,
      async handle({ body }) {
        const clock = body.clock ? new Clock() : undefined
        if (clock && body.clock) changeClock(clock, body.clock)
        const options = {
          ...(clock ? { clock } : {}),
          ...(body.seed === undefined ? {} : { seed: body.seed }),
        }
        const universe =
          body.from === undefined
            ? multiverse.create({
                ...options,
                fixture: await fixtureOf(multiverse, body.fixture),
                ...(body.id === undefined ? {} : { id: body.id }),
              })
            : multiverse.fork(multiverse.get(body.from), body.id, options)
        if (body.id !== undefined) await persistence?.keep(universe)
        if (body.limits) universe.limits.plan = withFactor(body.limits)
        if (body.faults) universe.faults.set(body.faults)
        if (body.ports)
          for (const twin of multiverse.apps.keys()) await server.listen(0, { twin, universe: universe.id })
        return view(universe)
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/universes',
      id: 'listUniverses',
      summary: 'The universes of this process',
      query: z.object({ limit: z.coerce.number().int().min(1).max(10_000).default(100) }),
      reply: z.object({ universes: z.array(z.looseObject({ id: z.string() })), total: z.int() }),
      handle: ({ query }) => ({
        total: multiverse.size,
        universes: Iterator.from(multiverse.universes)
          .take(query.limit)
          .map((universe) => ({
            id: universe.id,
            from: universe.createdFrom,
            seed: universe.seed,
            clock: clockView(universe.clock),
            calls: universe.ledger.last,
          }))
          .toArray(),
      }),
    }),
    endpoint({
      method: 'get',
      path: '/api/universes/{id}',
      id: 'getUniverse',
      summary: 'A universe: URLs, credentials, variables, clock, plans',
      params: idParams,
      reply: universeReply,
      handle: ({ params }) => view(multiverse.get(params.id)),
    }),
    endpoint({
      method: 'delete',
      path: '/api/universes/{id}',
      id: 'deleteUniverse',
      summary: 'Removes a universe and closes its ports',
      params: idParams,
      reply: z.undefined(),
      status: 204,
      async handle({ params }) {
        multiverse.delete(params.id)
        await persistence?.drop(params.id)
        await Promise.all(
          server.listeners.filter(({ binding }) => binding.universe === params.id).map((listener) => listener.close()),
        )
        return undefined
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/universes/{id}/proxy',
      id: 'openProxy',
      summary: 'The variables that send any program to this universe through a proxy port of its own',
      params: idParams,
      reply: z.object({
        port: z.int(),
        set: z.record(z.string(), z.string()),
        unset: z.array(z.string()).readonly(),
      }),
      async handle({ params }) {
        const universe = multiverse.get(params.id)
        const port = await server.ownPort(universe.id)
        const authority = await server.authority.ready()
        return { port, ...proxyEnvironment({ universe: universe.id, port, authority }) }
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/universes/{id}/fork',
      id: 'forkUniverse',
      summary: 'A universe that goes on from here on its own, or from an earlier entry of the ledger',
      params: idParams,
      body: z.strictObject({
        id: z.string().optional(),
        seed: z.int().min(0).optional(),
        /** Fork the past: the world just after this ledger entry. */
        at: z.int().min(0).optional(),
      }),
      reply: universeReply,
      status: 201,
      async handle({ params, body }) {
        const from = multiverse.get(params.id)
        if (body.at !== undefined && (body.at > from.ledger.last || body.at < from.ledger.first - 1)) {
          const { first, last } = from.ledger
          throw new ControlError(400, 'out_of_reach', `The ledger holds entries ${first} to ${last}, not ${body.at}`)
        }
        const universe =
          body.at === undefined
            ? multiverse.fork(from, body.id, body.seed === undefined ? {} : { seed: body.seed })
            : multiverse.at(from, body.at, body.id)
        if (body.id !== undefined) await persistence?.keep(universe)
        return view(universe)
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/universes/{id}/reset',
      id: 'resetUniverse',
      summary: 'Back to the state it began with',
      params: idParams,
      reply: universeReply,
      handle({ params }) {
        const universe = multiverse.get(params.id)
        universe.reset()
        return view(universe)
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/universes/{id}/snapshots',
      id: 'takeSnapshot',
      summary: 'Names the present state, to return to it',
      params: idParams,
      body: z.strictObject({ name: z.string().min(1) }),
      reply: z.object({ snapshots: z.array(z.string()) }),
      status: 201,
      handle({ params, body }) {
        const universe = multiverse.get(params.id)
        universe.snapshot(body.name)
        return { snapshots: [...universe.snapshots] }
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/universes/{id}/restore',
      id: 'restoreSnapshot',
      summary: 'Returns to a snapshot',
      params: idParams,
      body: z.strictObject({ name: z.string().min(1) }),
      reply: universeReply,
      handle({ params, body }) {
        const universe = multiverse.get(params.id)
        if (!universe.restore(body.name)) {
          throw new ControlError(404, 'not_found', `${params.id} has no snapshot ${JSON.stringify(body.name)}`)
        }
        return view(universe)
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/universes/{id}/seed',
      id: 'seedUniverse',
      summary: "Adds a fixture's people and sections to what is there",
      params: idParams,
      body: z.strictObject({ fixture: fixtureInput }),
      reply: universeReply,
      async handle({ params, body }) {
        const universe = multiverse.get(params.id)
        multiverse.seed(universe, await fixtureOf(multiverse, body.fixture))
        return view(universe)
      },
    }),
  ]
}

const withFactor = (plan: z.output<typeof limitPlan>) =>
  plan.factor === undefined ? { enforce: plan.enforce } : { enforce: plan.enforce, factor: plan.factor }
