import type { Clause, Condition, Operand, Query } from './ast.ts'
import { parseDate } from './dates.ts'
import { type JqlContext, type JqlField, jqlField } from './fields.ts'
import { jqlFunction } from './functions.ts'

/** What is wrong with a query that parses, in Jira's words. Unknown values count as warnings where a caller wants so. */
export interface Objections {
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}

/** Checks fields, operators, functions and values. */
export function check(query: Query, context: JqlContext): Objections {
  const errors: string[] = []
  const warnings: string[] = []
  const walk = (clause: Clause): void => {
    if (clause.kind === 'not') walk(clause.clause)
    else if (clause.kind === 'condition') checkCondition(clause, context, errors, warnings)
    else for (const part of clause.clauses) walk(part)
  }
  if (query.where) walk(query.where)
  for (const { field } of query.orderBy) {
    if (field.property) continue
    const known = jqlField(context.site, field.name)
    if (!known) errors.push(missingField(field.name))
    else if (!known.orderable) errors.push(`Not able to sort using field '${field.name}'.`)
  }
  return { errors, warnings }
}

const missingField = (name: string) => `Field '${name}' does not exist or you do not have permission to view it.`

function checkCondition(condition: Condition, context: JqlContext, errors: string[], warnings: string[]): void {
  const { field: name, operator, operand } = condition
  if (name.property) return
  const field = jqlField(context.site, name.name)
  if (!field) {
    errors.push(missingField(name.name))
    return
  }
  if (!field.operators.includes(operator)) {
    errors.push(`The operator '${operator}' is not supported by the '${name.name}' field.`)
    return
  }
  if (!operand) return
  const isList = operator.endsWith('in')
  if (operator.startsWith('is')) {
    if (operand.kind !== 'empty')
      errors.push(
        `Operator '${operator}' does not support the non-empty value '${textOf(operand)}' for field '${name.name}'.`,
      )
    return
  }
  if (isList && operand.kind === 'value') {
    errors.push(
      `Operator '${operator}' does not support the non-list value '"${operand.value}"' for field '${name.name}'.`,
    )
    return
  }
  if (!isList && operand.kind === 'list') {
    errors.push(`Operator '${operator}' does not support the list value '${textOf(operand)}' for field '${name.name}'.`)
    return
  }
  for (const value of operand.kind === 'list' ? operand.items : [operand])
    checkValue(value, name.name, field, operator, context, errors, warnings)
}

function checkValue(
  operand: Operand,
  name: string,
  field: JqlField,
  operator: string,
  context: JqlContext,
  errors: string[],
  warnings: string[],
): void {
  if (operand.kind === 'function') {
    const known = jqlFunction(operand.name)
    if (!known) errors.push(`Unable to find JQL function '${operand.name}(${operand.args.join(', ')})'.`)
    else if (operand.args.length < known.least || operand.args.length > known.most) {
      errors.push(
        `Function '${operand.name}' expected between '${known.least}' and '${known.most}' arguments but received '${operand.args.length}'.`,
      )
    } else if (!known.run(operand.args, context))
      errors.push(`The argument '${operand.args[0]}' of function '${operand.name}' is invalid.`)
    return
  }
  if (operand.kind !== 'value' || operator === '~' || operator === '!~') return
  if (field.type === 'date') {
    if (parseDate(operand.value, context.site.now, context.zone)) return
    errors.push(
      `Date value '${operand.value}' for field '${name}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.`,
    )
  } else if (field.type === 'number') {
    if (!Number.isFinite(Number(operand.value)) && !/^\d+[wdhm]/.test(operand.value)) {
      errors.push(`Value '${operand.value}' is invalid for the '${name}' field.`)
    }
  } else if (field.type === 'key') {
    if (!field.resolve?.(operand.value, context))
      errors.push(`An issue with key '${operand.value}' does not exist for field '${name}'.`)
  } else if (field.resolve && !field.resolve(operand.value, context)) {
    warnings.push(unknownValue(operand.value, name))
  }
}

const unknownValue = (value: string, name: string) =>
  /^\d+$/.test(value)
    ? `A value with ID '${value}' does not exist for the field '${name}'.`
    : `The value '${value}' does not exist for the field '${name}'.`

const textOf = (operand: Operand): string => {
  if (operand.kind === 'value') return operand.value
  if (operand.kind === 'list') return `(${operand.items.map((item) => `"${textOf(item)}"`).join(', ')})`
  return operand.kind === 'function' ? `${operand.name}()` : operand.keyword
}
