import type { Reply } from '../../../shared/kernel/reply.ts'
import { type JiraCall, requireAdmin } from '../context.ts'
import { badRequest } from '../errors.ts'
import { idsOf } from '../paging.ts'
import { allFields } from '../rules/fields/registry.ts'
import { LOCKED_FIELDS, schemeField } from '../rules/fields/schemes.ts'
import { isObject } from '../rules/fields/values.ts'
import type { FieldScheme, SchemeField } from '../tables.ts'
import { operations } from './define.ts'
import { bodyOf } from './shared.ts'

interface Outcome {
  readonly success: boolean
  readonly error?: unknown
}

/** All done 200, some 207, none 400: each part of the request is told its own outcome. */
function outcomes(results: readonly Outcome[]): Reply {
  if (results.length === 0) throw badRequest('The request must name at least one association.')
  const done = results.filter((result) => result.success).length
  return { status: done === results.length ? 200 : done === 0 ? 400 : 207, body: { results } }
}

/** The lists a body holds by field id. */
const parts = (call: JiraCall): [string, Record<string, unknown>[]][] =>
  Object.entries(bodyOf(call)).map(([fieldId, given]) => [fieldId, [given].flat().filter(isObject)])

/** What forbids touching a field of a scheme. */
function objection(call: JiraCall, fieldId: string, schemeId: string): string | undefined {
  if (!call.tables.fieldSchemes.has(schemeId)) return `Scheme ${schemeId} doesn't exist`
  if (!allFields(call).some((field) => field.id === fieldId && field.orderable)) return `Field ${fieldId} doesn't exist`
  return undefined
}

const notHeld = (fieldId: string, schemeId: string) =>
  `The field '${fieldId}' is not associated with the scheme '${schemeId}'.`

const held = (call: JiraCall, fieldId: string, schemeId: string): SchemeField | undefined => {
  const scheme = call.tables.fieldSchemes.get(schemeId)
  return scheme && schemeField(scheme, fieldId)
}

function write(call: JiraCall, fieldId: string, schemeId: string, field: SchemeField | undefined): void {
  const scheme = call.tables.fieldSchemes.get(schemeId) as FieldScheme
  const { [fieldId]: _, ...rest } = scheme.fields
  call.tables.fieldSchemes.replace({ ...scheme, fields: field ? { ...rest, [fieldId]: field } : rest })
}

/** `description` and `isRequired` as sent. */
const parametersOf = (given: unknown): Pick<SchemeField, 'description' | 'isRequired'> => {
  const { description, isRequired } = isObject(given) ? given : {}
  return {
    ...(typeof description === 'string' && { description }),
    ...(typeof isRequired === 'boolean' && { isRequired }),
  }
}

const without = <T extends object>(row: T, names: readonly string[]): T =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name))) as T

/** Fields of schemes, what they say about them, and the projects that follow them; each body by id, in bulk. */
export const fieldSchemeContents = operations({
  updateFieldsAssociatedWithSchemes(call) {
    requireAdmin(call)
    const results = parts(call).flatMap(([fieldId, rows]) =>
      rows.flatMap((row) => {
        const workTypes = idsOf(row.restrictedToWorkTypes)
        const unknown = workTypes.find((id) => !call.tables.issueTypes.has(id))
        return idsOf(row.schemeIds).map((schemeId) => {
          const error =
            objection(call, fieldId, schemeId) ??
            (unknown === undefined ? undefined : `Work type ${unknown} doesn't exist`)
          if (!error) {
            const before = held(call, fieldId, schemeId)
            write(call, fieldId, schemeId, { perType: {}, ...before, workTypes })
          }
          const named = { fieldId, schemeId: Number(schemeId), workTypeIds: workTypes.map(Number) }
          return { ...named, success: !error, ...(error && { error }) }
        })
      }),
    )
    return outcomes(results)
  },
  removeFieldsAssociatedWithSchemes(call) {
    requireAdmin(call)
    const results = parts(call).flatMap(([fieldId, rows]) =>
      rows.flatMap((row) =>
        idsOf(row.schemeIds).map((schemeId) => {
          const scheme = call.tables.fieldSchemes.get(schemeId)
          const error =
            objection(call, fieldId, schemeId) ??
            (scheme?.isDefault || LOCKED_FIELDS.includes(fieldId)
              ? `Field ${fieldId} cannot be removed from scheme ${schemeId}`
              : undefined)
          if (!error) write(call, fieldId, schemeId, undefined)
          return { fieldId, schemeId: Number(schemeId), success: !error, ...(error && { error }) }
        }),
      ),
    )
    return outcomes(results)
  },
  updateFieldAssociationSchemeItemParameters(call) {
    requireAdmin(call)
    const results = parts(call).flatMap(([fieldId, rows]) =>
      rows.flatMap((row) => {
        const types = (Array.isArray(row.workTypeParameters) ? row.workTypeParameters : []).filter(isObject)
        return idsOf(row.schemeIds).flatMap((schemeId) => {
          const named = { fieldId, schemeId: Number(schemeId) }
          const before = held(call, fieldId, schemeId)
          const error = objection(call, fieldId, schemeId) ?? (before ? undefined : notHeld(fieldId, schemeId))
          if (error || !before) return [{ ...named, success: false, error }]
          const perType = Object.fromEntries(
            types.map((type) => {
              const id = String(type.workTypeId)
              return [id, { ...before.perType[id], ...parametersOf(type) }]
            }),
          )
          write(call, fieldId, schemeId, {
            ...before,
            ...parametersOf(row.parameters),
            perType: { ...before.perType, ...perType },
          })
          const own = isObject(row.parameters) || types.length === 0 ? [{ ...named, success: true }] : []
          return [...own, ...types.map((type) => ({ ...named, success: true, workTypeId: Number(type.workTypeId) }))]
        })
      }),
    )
    return outcomes(results)
  },
  /** What work types have of their own falls back to what the scheme says; without work types, that does. */
  removeFieldAssociationSchemeItemParameters(call) {
    requireAdmin(call)
    const results = parts(call).flatMap(([fieldId, rows]) =>
      rows.map((row) => {
        const schemeId = String(row.schemeId)
        const workTypes = idsOf(row.workTypeIds)
        const names = idsOf(row.parameters)
        const named = { fieldId, schemeId: Number(schemeId), workTypeIds: workTypes.map(Number) }
        const before = held(call, fieldId, schemeId)
        const message = objection(call, fieldId, schemeId) ?? (before ? undefined : notHeld(fieldId, schemeId))
        if (message || !before) {
          const code = before || message !== notHeld(fieldId, schemeId) ? 'NOT_FOUND' : 'FIELD_IS_NOT_ASSOCIATED'
          return { ...named, success: false, error: { code, message } }
        }
        const perType = Object.entries(before.perType).map(
          ([id, own]) => [id, workTypes.includes(id) ? without(own, names) : own] as const,
        )
        write(call, fieldId, schemeId, {
          ...(workTypes.length === 0 ? without(before, names) : before),
          perType: Object.fromEntries(perType.filter(([, own]) => Object.keys(own).length > 0)),
        })
        return { ...named, success: true }
      }),
    )
    const reply = outcomes(results)
    return reply.status === 200 ? { status: 200 } : reply
  },
  associateProjectsToFieldAssociationSchemes(call) {
    requireAdmin(call)
    const results = Object.entries(bodyOf(call)).flatMap(([schemeId, given]) =>
      idsOf(isObject(given) ? given.projectIds : undefined).map((projectId) => {
        const project = call.tables.projects.get(projectId)
        const error = !call.tables.fieldSchemes.has(schemeId)
          ? `Field scheme #${schemeId} doesn't exist`
          : !project
            ? `Project #${projectId} doesn't exist`
            : project.style === 'next-gen'
              ? `Project #${projectId} is team-managed`
              : undefined
        if (!error && project)
          call.tables.projects.patch(projectId, { schemes: { ...project.schemes, fieldScheme: schemeId } })
        const named = { projectId: Number(projectId), schemeId: Number(schemeId) }
        return { ...named, success: !error, ...(error && { error }) }
      }),
    )
    return outcomes(results)
  },
})
