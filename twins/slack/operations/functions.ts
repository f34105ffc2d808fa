import type { SlackCall } from '../caller.ts'
import { done, fail } from '../errors.ts'
import { json } from '../rules/arguments.ts'
import type { Execution, Json } from '../tables.ts'
import { operations } from './define.ts'

function running(call: SlackCall): Execution {
  const row = call.tables.executions.get(
    String((call.query as { function_execution_id?: string }).function_execution_id),
  )
  if (!row) throw fail('function_execution_not_found')
  if (row.appId !== call.caller.app?.id) throw fail('access_denied')
  if (row.state !== 'running') throw fail('execution_not_in_running_state')
  return row
}

export const functions = operations({
  'functions.completeSuccess': (call) => {
    const row = running(call)
    const outputs = json(call.query.outputs)
    if (typeof outputs !== 'object' || outputs === null || Array.isArray(outputs))
      throw fail('parameter_validation_failed')
    call.tables.executions.replace({ ...row, state: 'completed', outputs: outputs as Json })
    return done()
  },

  'functions.completeError': (call) => {
    call.tables.executions.replace({ ...running(call), state: 'failed', error: String(call.query.error) })
    return done()
  },
})
