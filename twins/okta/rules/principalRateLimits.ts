import type { Recorder } from '../events.ts'
import { newId, PREFIX } from '../ids.ts'

type PrincipalType = 'SSWS_TOKEN' | 'OAUTH_CLIENT'

/** Every caller may use half of each limit until an administrator says otherwise: recorded of tokens and of clients. */
export function addRateLimit(
  call: Pick<Recorder, 'tables' | 'now' | 'random' | 'sequence'>,
  principalType: PrincipalType,
  principalId: string,
  createdBy: string | null,
): void {
  call.tables.principalRateLimits.insert({
    id: newId(call, PREFIX.principalRateLimit),
    created: call.now,
    lastUpdated: call.now,
    data: {
      principalId,
      principalType,
      defaultPercentage: 50,
      defaultConcurrencyPercentage: 50,
      createdBy,
      lastUpdatedBy: createdBy,
    },
  })
}

/** Goes with the caller. */
export function dropRateLimit({ tables }: Pick<Recorder, 'tables'>, principalId: string): void {
  for (const { id, data } of tables.principalRateLimits.all()) {
    if (data.principalId === principalId) tables.principalRateLimits.remove(id)
  }
}
