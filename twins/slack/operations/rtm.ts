import { actor, type Caller, callingApp, type SlackCall } from '../caller.ts'
import { done } from '../errors.ts'
import { flag } from '../rules/arguments.ts'
import { CLASSIC_SESSION } from '../rules/classicScopes.ts'
import { retirement } from '../rules/retired.ts'
import { newSocketTicket, socketAddress } from '../sockets.ts'
import { operations } from './define.ts'

/** An address for one Real Time Messaging session of the calling user. */
function connect(call: SlackCall) {
  const { caller, query } = call
  const { id, name } = actor(caller)
  const { id: team, name: teamName, domain } = caller.team
  const ticket = newSocketTicket(call, {
    appId: callingApp(caller).id,
    userId: id,
    batchPresence: flag((query as { batch_presence_aware?: unknown }).batch_presence_aware),
  })
  return done({
    url: socketAddress(call, `/websocket/${ticket}`),
    team: { id: team, name: teamName, domain },
    self: { id, name },
  })
}

const isClassic = (caller: Caller): boolean => CLASSIC_SESSION.some((scope) => caller.scopes.includes(scope))

export const rtm = operations({
  'rtm.connect': connect,

  /** Apps from before December 2021 are answered as by rtm.connect (since 2022); later ones may not call it. */
  'rtm.start': (call) => {
    if (isClassic(call.caller)) return connect(call)
    throw retirement('rtm.start')
  },
})
