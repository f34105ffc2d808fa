import type { OktaMoment } from '../operations/define.ts'

/** The resource set that Okta Workflows brings; its id is its name. */
export function seedResourceSets({ tables, now }: OktaMoment): void {
  tables.resourceSets.insert({
    id: 'WORKFLOWS_IAM_POLICY',
    label: 'Workflows Resource Set',
    description: 'Resource set for Okta Workflows',
    created: now,
    lastUpdated: now,
  })
}
