import { z } from 'zod'
import { coverage } from '../../contract/coverage.ts'
import { ContractFolder } from '../../contract/folder.ts'
import { ServiceError } from '../../kernel/dialect.ts'
import { ControlError, endpoint } from './endpoint.ts'
import { changeClock, clockChange, clockView, faultPlan, limitPlan } from './schemas.ts'
import { type ControlContext, idParams } from './universes.ts'

/** Time, faults, limits, and what people do. */
export function steerEndpoints({ multiverse }: ControlContext) {
  return [
    endpoint({
      method: 'patch',
      path: '/api/universes/{id}/clock',
      id: 'changeClock',
      summary: 'Freezes, steps, sets or advances the clock; due work runs before the answer',
      params: idParams,
      body: clockChange,
      reply: z.object({ mode: z.string(), now: z.string() }).loose(),
      async handle({ params, body }) {
        const universe = multiverse.get(params.id)
        changeClock(universe.clock, body)
        universe.onCommit?.([], universe)
        multiverse.outbox.wake(universe)
        await multiverse.outbox.settle(universe)
        return clockView(universe.clock)
      },
    }),
    endpoint({
      method: 'patch',
      path: '/api/universes/{id}/faults',
      id: 'planFaults',
      summary: 'Replaces the fault plan; an empty list ends it',
      params: idParams,
      body: z.strictObject({ faults: faultPlan }),
      reply: z.object({ faults: faultPlan }),
      handle({ params, body }) {
        const { faults } = multiverse.get(params.id)
        faults.set(body.faults)
        return { faults: [...faults.rules] }
      },
    }),
    endpoint({
      method: 'patch',
      path: '/api/universes/{id}/limits',
      id: 'planLimits',
      summary: "Enforces the services' rate limits, or not",
      params: idParams,
      body: limitPlan,
      reply: z.object({ enforce: z.boolean(), wouldThrottle: z.record(z.string(), z.int()) }).loose(),
      handle({ params, body }) {
        const { limits } = multiverse.get(params.id)
        limits.plan =
          body.factor === undefined ? { enforce: body.enforce } : { enforce: body.enforce, factor: body.factor }
        return { ...limits.plan, wouldThrottle: Object.fromEntries(limits.wouldThrottle) }
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/universes/{id}/act/{twin}/{action}',
      id: 'act',
      summary: 'What a person does where the service has no API for it',
      params: z.object({ id: z.string(), twin: z.string(), action: z.string() }),
      body: z.looseObject({}),
      reply: z.unknown(),
      async handle({ params, body }) {
        const universe = multiverse.get(params.id)
        const { twin } = multiverse.app(params.twin)
        const act = twin.acts?.[params.action]
        if (!act) {
          const known = Object.keys(twin.acts ?? {})
          throw new ControlError(404, 'not_found', `${params.twin} has no action ${params.action}`, known)
        }
        try {
          return multiverse.act(universe, twin, params.action, (moment) => act(moment, body as never)) ?? {}
        } catch (error) {
          if (error instanceof ServiceError) {
            throw new ControlError(400, 'refused', `${params.twin} refused ${params.action}`, error.reply.body)
          }
          if (error instanceof z.ZodError) throw new ControlError(400, 'invalid', z.prettifyError(error), error.issues)
          throw error
        }
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/universes/{id}/settle',
      id: 'settle',
      summary: 'Answers when no delivery is under way and nothing more is due',
      params: idParams,
      reply: z.object({ next: z.string().nullable() }),
      async handle({ params }) {
        const universe = multiverse.get(params.id)
        await multiverse.outbox.settle(universe)
        const next = multiverse.outbox.next(universe)
        return { next: next === undefined ? null : new Date(next).toISOString() }
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/coverage',
      id: 'coverage',
      summary: 'Operations of each contract: how many are built, how many proven',
      reply: z.object({
        twins: z.record(z.string(), z.object({ operations: z.int(), built: z.int(), proven: z.int() })),
      }),
      async handle() {
        const rows = await coverage(new ContractFolder(), async (name) => multiverse.apps.get(name)?.twin)
        const twins = Object.entries(rows).map(([name, { operations, built, proven }]) => [
          name,
          { operations, built, proven },
        ])
        return { twins: Object.fromEntries(twins) }
      },
    }),
  ]
}
