import { PARTITION } from '../ids.ts'
import type { Linker } from '../links.ts'
import type { OktaContext } from '../operations/define.ts'
import type { Document } from '../tables/document.ts'
import { isoTime } from '../time.ts'

/** Governance shows times without milliseconds. */
const second = (instant: number): string => isoTime(instant).replace('.000', '')

/** Governance's links have hints that say nothing. */
export const governed = (call: Linker, path: string) => ({ href: call.link(path), hints: {} })

/** Who made an object of Governance and when. Rows keep their maker as `createdBy`. */
export const history = ({ id, created, lastUpdated, data }: Document) => ({
  id,
  createdBy: data.createdBy,
  created: second(created),
  lastUpdated: second(lastUpdated),
  lastUpdatedBy: data.createdBy,
})

/** A list of Governance: the items in `data`, under a link to themselves. */
export const list = (path: string) => (data: unknown[], call: Linker) => ({
  data,
  _links: { self: governed(call, path) },
})

type Viewer = Pick<OktaContext, 'tables'>

const orgId = (call: Viewer): string => call.tables.org.all()[0]?.id ?? ''

/** `orn:okta:governance:{org}:entitlements:{id}` */
export const governanceOrn = (call: Viewer, kind: string, id: string): string =>
  `orn:okta:governance:${orgId(call)}:${kind}:${id}`

/** The name of what an entitlement belongs to; an app that is not there is named by its id alone. */
export function targetOrn(call: Viewer, target: { externalId?: string } | undefined): string {
  const id = target?.externalId ?? ''
  return `orn:${PARTITION}:idp:${orgId(call)}:apps:${call.tables.apps.get(id)?.name ?? ''}:${id}`
}
