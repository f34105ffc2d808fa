import type { Instant } from '../../../shared/universe/clock.ts'
import { defineTable } from '../../../shared/universe/table.ts'
import type { Json } from './document.ts'

/** Owner of the policies of the org itself; those of an authorization server are owned by its id. */
export const ORG = 'org'

/** A policy of the org or of an authorization server. */
export interface Policy {
  readonly id: string
  /** {@link ORG}, or the id of an authorization server. */
  readonly owner: string
  readonly type: string
  readonly name: string
  readonly description?: string
  readonly status: 'ACTIVE' | 'INACTIVE'
  readonly priority: number
  /** Came with the org: cannot be removed or renamed. */
  readonly system: boolean
  readonly conditions: Json | null
  readonly settings?: Json
  /** Cloned policies have no times. */
  readonly created: Instant | null
  readonly lastUpdated: Instant | null
  /** `APP`, `END_USER_ACCOUNT_MANAGEMENT`: what an access policy protects. */
  readonly resourceType?: string
}

export interface PolicyRule {
  readonly id: string
  readonly policyId: string
  readonly type: string
  readonly name: string
  readonly status: 'ACTIVE' | 'INACTIVE'
  readonly priority: number
  readonly system: boolean
  readonly conditions: Json | null
  readonly actions: Json
  readonly created: Instant | null
  readonly lastUpdated: Instant | null
}

export const policies = {
  policies: defineTable<Policy>()('okta.policies', {
    key: (policy) => policy.id,
    index: { type: (policy) => [policy.owner, policy.type, policy.priority] },
  }),
  policyRules: defineTable<PolicyRule>()('okta.policyRules', {
    key: (rule) => rule.id,
    index: { policy: (rule) => [rule.policyId, rule.priority] },
  }),
}
