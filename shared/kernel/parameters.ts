import type { Operation, Parameter, Schema } from './contract.ts'

type Kind = 'string' | 'number' | 'boolean' | 'array' | 'object'

interface Plan {
  readonly kind: Kind
  readonly items: Kind
  /** Separator of a list in one value; absent: the parameter repeats. */
  readonly separator: string | undefined
}

/** How an operation's parameters come out of strings. Compiled once per operation. */
export interface ParameterPlan {
  readonly path: ReadonlyMap<string, Plan>
  readonly query: ReadonlyMap<string, Plan>
}

/** Reads the contract's parameter types; `resolve` follows a `$ref`. */
export function parameterPlan(
  operation: Operation,
  resolve: (schema: Schema | undefined) => Schema | undefined,
): ParameterPlan {
  const place = (where: Parameter['in']) =>
    new Map(
      (operation.parameters ?? [])
        .filter((parameter) => parameter.in === where)
        .map((parameter) => [parameter.name, plan(parameter, resolve)] as const),
    )
  return { path: place('path'), query: place('query') }
}

function plan(parameter: Parameter, resolve: (schema: Schema | undefined) => Schema | undefined): Plan {
  const schema = resolve(parameter.schema)
  const items = typeof schema === 'object' ? resolve(schema.items as Schema | undefined) : undefined
  const repeats = parameter.explode ?? (parameter.style === undefined || parameter.style === 'form')
  const separator = parameter.style === 'pipeDelimited' ? '|' : parameter.style === 'spaceDelimited' ? ' ' : ','
  return { kind: kindOf(schema), items: kindOf(items), separator: repeats ? undefined : separator }
}

function kindOf(schema: Schema | undefined): Kind {
  if (typeof schema !== 'object') return 'string'
  const types = [schema.type].flat().filter((type) => type !== 'null')
  if (types.length !== 1) return 'string'
  if (types[0] === 'integer') return 'number'
  return ['number', 'boolean', 'array', 'object'].includes(types[0] as string) ? (types[0] as Kind) : 'string'
}

const EMPTY: Record<string, unknown> = Object.freeze({})

/** Query parameters by name. What does not convert stays a string, for the check to refuse in the service's words. */
export function readQuery(search: string, plans: ParameterPlan['query']): Record<string, unknown> {
  if (search === '') return EMPTY
  const values: Record<string, unknown> = {}
  for (const [name, value] of new URLSearchParams(search)) {
    const plan = plans.get(name)
    if (plan?.kind === 'array') {
      values[name] ??= []
      const list = values[name] as unknown[]
      const parts = plan.separator === undefined ? [value] : value === '' ? [] : value.split(plan.separator)
      for (const part of parts) list.push(convert(part, plan.items))
    } else if (!(name in values)) values[name] = plan ? convert(value, plan.kind) : value
  }
  return values
}

/** Path parameters, converted; the router has percent-decoded them. */
export function readPath(raw: Record<string, string>, plans: ParameterPlan['path']): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const name in raw) {
    const plan = plans.get(name)
    values[name] = plan ? convert(raw[name] as string, plan.kind) : raw[name]
  }
  return values
}

function convert(text: string, kind: Kind): unknown {
  if (kind === 'number') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
  if (kind === 'boolean')
    return text === 'true' || text === 'True' ? true : text === 'false' || text === 'False' ? false : text
  return text
}
