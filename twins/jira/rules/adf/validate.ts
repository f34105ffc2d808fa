import { type AttributeRule, BESIDE_CODE, MARKS, NODES } from './schema.ts'
import type { AdfDocument } from './types.ts'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether a value is an ADF document Jira accepts. */
export function isDocument(value: unknown): value is AdfDocument {
  if (!looksLikeDocument(value)) return false
  const envelope = Object.keys(value).every((key) => ['type', 'version', 'content'].includes(key))
  return envelope && contentFits({ ...value }, 'doc')
}

/** Whether a value has a document's envelope; its nodes may still be wrong. */
export function looksLikeDocument(value: unknown): value is AdfDocument {
  return isObject(value) && value.type === 'doc' && value.version === 1 && Array.isArray(value.content)
}

function nodeFits(node: unknown): boolean {
  if (!isObject(node) || typeof node.type !== 'string') return false
  const rule = NODES[node.type]
  if (!rule) return false
  if (!Object.keys(node).every((key) => ['type', 'attrs', 'content', 'marks', 'text'].includes(key))) return false
  if (node.type === 'text' ? typeof node.text !== 'string' || node.text === '' : node.text !== undefined) return false
  if (!attributesFit(node.attrs, rule.attrs ?? {})) return false
  if (node.type.endsWith('Card') && !cardFits(node.attrs)) return false
  return marksFit(node.marks, rule.marks ?? []) && contentFits(node, node.type)
}

const cardFits = (attrs: unknown) => isObject(attrs) && ('url' in attrs || 'data' in attrs || 'datasource' in attrs)

function contentFits(node: Record<string, unknown>, type: string): boolean {
  const rule = NODES[type]
  if (!rule?.content) return node.content === undefined
  const content = node.content ?? []
  if (!Array.isArray(content) || content.length < (rule.least ?? 0)) return false
  const allowed = rule.content
  return content.every((child) => isObject(child) && allowed.includes(child.type as string) && nodeFits(child))
}

function attributesFit(attrs: unknown, rules: Readonly<Record<string, AttributeRule>>): boolean {
  if (attrs !== undefined && !isObject(attrs)) return false
  const given = attrs ?? {}
  for (const [name, rule] of Object.entries(rules)) {
    const required = name.endsWith('!')
    const value = given[required ? name.slice(0, -1) : name]
    if (value === undefined ? required : value !== null && !rule(value)) return false
  }
  return Object.keys(given).every((name) => name in rules || `${name}!` in rules)
}

function marksFit(marks: unknown, allowed: readonly string[]): boolean {
  if (marks === undefined) return true
  if (!Array.isArray(marks)) return false
  const types = marks.map((mark) => (isObject(mark) ? (mark.type as string) : ''))
  if (types.includes('code') && !types.every((type) => BESIDE_CODE.includes(type))) return false
  return marks.every(
    (mark) =>
      isObject(mark) &&
      typeof mark.type === 'string' &&
      allowed.includes(mark.type) &&
      attributesFit(mark.attrs, MARKS[mark.type] ?? {}),
  )
}
