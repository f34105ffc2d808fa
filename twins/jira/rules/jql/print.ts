import type { Clause, FieldName, Operand, Query } from './ast.ts'
import { RESERVED } from './reserved.ts'

/** A word as JQL spells it: quoted when it has to be. */
export function encode(text: string): string {
  if (/^[\p{L}\p{N}_.-]+$/u.test(text) && !RESERVED.has(text.toLowerCase())) return text
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

const encodeField = (field: FieldName) =>
  /^\w+\[/.test(field.name) || field.property ? field.name : encode(field.name)

function encodeOperand(operand: Operand): string {
  switch (operand.kind) {
    case 'value':
      return operand.quoted ? `"${operand.value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` : operand.value
    case 'list':
      return `(${operand.items.map(encodeOperand).join(', ')})`
    case 'function':
      return `${operand.name}(${operand.args.map(encode).join(', ')})`
    case 'empty':
      return operand.keyword.toUpperCase()
  }
}

function fieldStructure(field: FieldName) {
  const { property } = field
  return {
    name: property ? `${property.entity}.property` : field.name,
    encodedName: property ? `${property.entity}.property` : encodeField(field),
    ...(property && { property: [{ entity: property.entity, key: property.key, path: property.path }] }),
  }
}

function operandStructure(operand: Operand): object {
  switch (operand.kind) {
    case 'value':
      return { value: operand.value, encodedValue: encodeOperand(operand) }
    case 'list':
      return { values: operand.items.map(operandStructure), encodedOperand: encodeOperand(operand) }
    case 'function':
      return { function: operand.name, arguments: operand.args, encodedOperand: encodeOperand(operand) }
    case 'empty':
      return { keyword: 'empty', encodedOperand: encodeOperand(operand) }
  }
}

function clauseStructure(clause: Clause): object {
  if (clause.kind === 'not') return { clauses: [clauseStructure(clause.clause)], operator: 'not' }
  if (clause.kind !== 'condition') return { clauses: clause.clauses.map(clauseStructure), operator: clause.kind }
  return {
    field: fieldStructure(clause.field),
    operator: clause.operator,
    ...(clause.operand && { operand: operandStructure(clause.operand) }),
    ...((clause.predicates.length > 0 || clause.operator === 'changed') && {
      predicates: clause.predicates.map(({ operator, operand }) => ({ operator, operand: operandStructure(operand) })),
    }),
  }
}

/** A query as `jql/parse` answers it. */
export function structure(query: Query): object {
  return {
    ...(query.where && { where: clauseStructure(query.where) }),
    ...(query.orderBy.length > 0 && {
      orderBy: {
        fields: query.orderBy.map(({ field, direction }) => ({
          field: fieldStructure(field),
          ...(direction && { direction }),
        })),
      },
    }),
  }
}

/** A query as text again. */
export function print(query: Query): string {
  const order = query.orderBy.map(
    ({ field, direction }) => encodeField(field) + (direction ? ` ${direction.toUpperCase()}` : ''),
  )
  return [query.where && printClause(query.where), order.length > 0 && `ORDER BY ${order.join(', ')}`]
    .filter(Boolean)
    .join(' ')
}

function printClause(clause: Clause, inside = ''): string {
  if (clause.kind === 'not') return `NOT ${printClause(clause.clause, 'not')}`
  if (clause.kind !== 'condition') {
    const text = clause.clauses.map((part) => printClause(part, clause.kind)).join(` ${clause.kind.toUpperCase()} `)
    return inside === '' ? text : `(${text})`
  }
  const predicates = clause.predicates.map(
    ({ operator, operand }) => ` ${operator.toUpperCase()} ${encodeOperand(operand)}`,
  )
  const operand = clause.operand ? ` ${encodeOperand(clause.operand)}` : ''
  return `${encodeField(clause.field)} ${clause.operator.toUpperCase()}${operand}${predicates.join('')}`
}
