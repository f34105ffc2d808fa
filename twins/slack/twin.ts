import type { Operations } from '../../openapi/types/slack.ts'
import { loadContract } from '../../shared/contract/load.ts'
import { defineTwin } from '../../shared/kernel/twin.ts'
import { acts } from './acts/index.ts'
import type { Caller } from './caller.ts'
import { access, defaults, signIn } from './defaults.ts'
import { retryHeaders, signature } from './delivery.ts'
import { dialect } from './dialect.ts'
import { react } from './events.ts'
import { fixture, seed } from './fixture.ts'
import { jobs } from './jobs.ts'
import { kinds } from './kinds.ts'
import { operations } from './operations/index.ts'
import { openSocket } from './sockets.ts'
import { tables } from './tables.ts'

/** Slack: one workspace per universe, with its Web API, Events API, sockets, hooks and the people who click. */
export const slack = defineTwin<Operations, typeof tables, Caller>({
  name: 'slack',
  contract: () => loadContract('slack'),
  dialect,
  tables,
  operations,
  defaults,
  seed,
  fixture,
  react,
  jobs,
  acts,
  kinds,
  socket: openSocket,
  sign: (delivery, sentAt) => {
    const { secret } = (delivery.context ?? {}) as { secret?: string }
    return secret === undefined ? {} : signature(secret, Math.floor(sentAt / 1000), delivery.body)
  },
  redeliver: (_delivery, attempt, reason) => retryHeaders(attempt, reason),
  access,
  signIn,
})
