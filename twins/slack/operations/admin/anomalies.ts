import type { SlackCall } from '../../caller.ts'
import { done, fail } from '../../errors.ts'
import { list } from '../../rules/arguments.ts'
import { operations } from '../define.ts'
import { administrator, putRules } from './gate.ts'

/** Networks that the organisation trusts: audit logs report nothing unusual from there. */

const allowList = (call: SlackCall): string => `anomaly:allow:${String(call.caller.team.enterpriseId)}`

const BLOCK = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/

function isBlock(value: string): boolean {
  const [, ...parts] = BLOCK.exec(value) ?? []
  const [length, ...bytes] = parts.map(Number).reverse()
  return length !== undefined && length <= 32 && bytes.every((byte) => byte <= 255)
}

/** The lists a call gives; one it leaves out stays. */
function given(call: SlackCall): object {
  const { trusted_asns: asns, trusted_cidr: blocks } = call.query as Record<string, unknown>
  const numbers = list(asns).map(Number)
  if (numbers.some((number) => !Number.isInteger(number) || number < 0) || !list(blocks).every(isBlock))
    throw fail('invalid_field_or_data')
  return {
    ...(asns === undefined ? {} : { trusted_asns: numbers }),
    ...(blocks === undefined ? {} : { trusted_cidr: list(blocks) }),
  }
}

export const adminAnomalies = operations({
  'admin.audit.anomaly.allow.getItem': (call) => {
    administrator(call)
    const known = call.tables.adminRules.get(allowList(call))?.details
    return done({ trusted_asns: [], trusted_cidr: [], ...known })
  },

  'admin.audit.anomaly.allow.updateItem': (call) => {
    administrator(call)
    const known = call.tables.adminRules.get(allowList(call))?.details
    putRules(call, 'anomaly', 'allow', [String(call.caller.team.enterpriseId)], { ...known, ...given(call) })
    return done()
  },
})
