import { PARTITION } from '../ids.ts'
import type { Linker } from '../links.ts'
import type { OktaContext } from '../operations/define.ts'
import type { User } from '../tables/directory.ts'
import type { Document, Json } from '../tables/document.ts'
import { isoTime } from '../time.ts'

/** Governance shows times without milliseconds. */
export const second = (instant: number): string => isoTime(instant).replace('.000', '')

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

/** `orn:okta:directory:{org}:users:{id}` */
export const principalOrn = (call: Viewer, userId: string): string =>
  `orn:${PARTITION}:directory:${orgId(call)}:users:${userId}`

/** The id a resource name ends with. */
export const idInOrn = (orn: unknown): string =>
  String(orn ?? '')
    .split(':')
    .at(-1) as string

/** A person as certifications and collections show them. */
export function profileView({ id, status, profile }: User) {
  const { email, firstName, lastName, login } = profile
  return { id, email, firstName, lastName, login, status: status === 'ACTIVE' ? 'ACTIVE' : 'INACTIVE' }
}

/** A person as a resource of Governance names them. */
export const oktaUser = (externalId: unknown) => ({ externalId, type: 'OKTA_USER' })

/** A value of an entitlement. */
export interface Value extends Json {
  readonly id: string
}

/** An entitlement, and which of its values. */
export interface Picked {
  readonly id: string
  readonly values?: readonly { readonly id: string }[]
}

/** What was picked, in the words of the entitlements; what is not known (any more) keeps its ids. */
export function contents(call: Viewer, picks: readonly Picked[]): (Json & { readonly id: string })[] {
  return picks.map((pick) => {
    const known = call.tables.entitlements.get(pick.id)?.data
    if (!known) return { ...pick }
    const { name, externalValue, description, multiValue, required, dataType } = known
    const values = (pick.values ?? []).map(({ id }) => (known.values as Value[]).find((one) => one.id === id) ?? { id })
    const told = { name, externalValue, ...(description !== undefined && { description }) }
    return { values, id: pick.id, ...told, multiValue, required, dataType }
  })
}
