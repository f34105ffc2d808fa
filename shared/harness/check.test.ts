import { describe, expect, it } from 'vitest'
import { type CallFact, check, evaluate, type Facts, impliedOnly, type VERBS } from './check.ts'

const ann = { id: 'u1', status: 'ACTIVE', profile: { login: 'ann@x.test', teams: ['a', 'b'] }, lastUpdated: 't1' }
const bob = { id: 'u2', status: 'ACTIVE', profile: { login: 'bob@x.test', teams: [] }, lastUpdated: 't1' }
const cyd = { id: 'u3', status: 'STAGED', profile: { login: 'cyd@x.test', teams: [] }, lastUpdated: 't1' }

/** Ann was switched off, Bob only touched, Cyd removed; a file came. */
const world: Facts = {
  kinds: ['okta.user', 'drive.file'],
  before: (kind) => (kind === 'okta.user' ? [ann, bob, cyd] : []),
  after: (kind) =>
    kind === 'okta.user'
      ? [
          { ...ann, status: 'DEPROVISIONED', lastUpdated: 't2' },
          { ...bob, lastUpdated: 't2' },
        ]
      : [{ id: 'f1', name: 'Handover', trashed: false }],
  calls: [
    { seq: 1, at: 0, op: 'okta.getUser', status: 200, ok: true, request: { path: { userId: 'u1' } }, throttled: false },
    {
      seq: 2,
      at: 500,
      op: 'slack.chat.postMessage',
      status: 200,
      ok: true,
      request: { query: { text: 'Which Ann?' } },
      throttled: true,
    },
    {
      seq: 4,
      at: 2000,
      op: 'okta.deactivateUser',
      status: 200,
      ok: true,
      request: { path: { userId: 'u1' } },
      throttled: false,
    },
    {
      seq: 5,
      at: 2100,
      op: 'okta.deleteUser',
      status: 403,
      ok: false,
      request: { path: { userId: 'u3' } },
      throttled: false,
    },
  ],
  acts: [{ seq: 3, at: 1500, act: 'mira.slack.reply', with: { text: 'The one in sales' } }],
  events: [
    { seq: 6, twin: 'okta', kind: 'event_hook', status: 200, body: { type: 'user.lifecycle.deactivate' } },
    { seq: 7, twin: 'okta', kind: 'event_hook', status: 500, body: { type: 'user.lifecycle.delete' } },
  ],
}

const judge = (body: object) => evaluate(check.parse({ id: 'c', ...body }), world)

/** Every verb: a case that holds and cases that do not. */
const CASES: Record<Exclude<keyof typeof VERBS, 'invariant'>, { pass: object[]; fail: object[] }> = {
  row: {
    pass: [{ kind: 'okta.user', where: { 'profile.login': 'ann@x.test' }, is: { status: 'DEPROVISIONED' } }],
    fail: [
      { kind: 'okta.user', where: { 'profile.login': 'ann@x.test' }, is: { status: 'ACTIVE' } },
      { kind: 'okta.user', where: { status: { in: ['ACTIVE', 'DEPROVISIONED'] } }, is: {} },
      { kind: 'okta.user', where: { id: 'nobody' }, is: {} },
    ],
  },
  rows: {
    pass: [
      { kind: 'okta.user', where: { status: { ne: 'STAGED' } }, count: 2 },
      { kind: 'okta.user', count: { min: 1, max: 2 } },
    ],
    fail: [
      { kind: 'okta.user', count: 3 },
      { kind: 'okta.user', count: { max: 1 } },
    ],
  },
  absent: { pass: [{ kind: 'okta.user', where: { id: 'u3' } }], fail: [{ kind: 'okta.user', where: { id: 'u1' } }] },
  unchanged: {
    pass: [{ kind: 'okta.user', where: { id: 'u2' } }],
    fail: [
      { kind: 'okta.user', where: { id: 'u1' } },
      { kind: 'okta.user', where: { id: 'u3' } },
      { kind: 'drive.file' },
    ],
  },
  diff: {
    pass: [
      { kind: 'okta.user', changed: { status: { from: 'ACTIVE', to: 'DEPROVISIONED' } }, count: 1 },
      { kind: 'drive.file', added: { name: { startsWith: 'Hand' } } },
      { kind: 'okta.user', removed: { status: 'STAGED' } },
    ],
    fail: [
      { kind: 'okta.user', changed: { status: { to: 'SUSPENDED' } } },
      { kind: 'okta.user', changed: { profile: {} } },
      { kind: 'drive.file', removed: {} },
    ],
  },
  only: {
    pass: [
      [{ kind: 'okta.user' }, { kind: 'drive.file' }],
      [{ kind: 'okta.user', where: { id: { in: ['u1', 'u3'] } }, fields: ['status'] }, { kind: 'drive.file' }],
    ],
    fail: [[{ kind: 'okta.user' }], [{ kind: 'okta.user', fields: ['profile'] }, { kind: 'drive.file' }], []],
  },
  call: {
    pass: [
      { op: 'okta.deactivateUser', where: { 'path.userId': 'u1' }, ok: true },
      { op: ['okta.getUser', 'okta.deleteUser'], count: 2 },
    ],
    fail: [
      { op: 'okta.deleteUser', ok: true },
      { op: 'okta.getUser', where: { 'path.userId': 'u9' } },
    ],
  },
  no_call: {
    pass: [{ op: 'jira.createIssue' }, { op: 'okta.deleteUser', ok: true }],
    fail: [{ op: 'okta.deleteUser' }],
  },
  order: {
    pass: [
      [{ call: 'slack.chat.postMessage' }, { act: 'mira.slack.reply' }, { call: 'okta.deactivateUser' }],
      [{ call: 'okta.getUser' }, { call: 'okta.deactivateUser' }],
      { moments: [{ call: 'okta.getUser' }, { call: 'okta.deactivateUser' }] },
      { strict: true, moments: [{ call: 'slack.chat.postMessage' }, { call: 'okta.deactivateUser' }] },
      { strict: true, moments: [{ call: 'okta.getUser' }, { act: 'mira.slack.reply' }] },
    ],
    fail: [
      [{ call: 'okta.deactivateUser' }, { call: 'slack.chat.postMessage' }],
      [{ call: 'okta.getUser' }, { call: 'okta.deleteUser' }],
      { strict: true, moments: [{ call: 'okta.getUser' }, { call: 'okta.deactivateUser' }] },
    ],
  },
  within: {
    pass: [
      { from: { act: 'mira.slack.reply' }, to: { call: 'okta.deactivateUser' }, max: 500 },
      { from: { act: 'mira.slack.reply' }, to: { call: 'okta.deactivateUser' }, max: '1s' },
    ],
    fail: [
      { from: { act: 'mira.slack.reply' }, to: { call: 'okta.deactivateUser' }, max: 499 },
      { from: { call: 'okta.getUser' }, to: { act: 'nobody' }, max: 9999 },
    ],
  },
  max_calls: { pass: [{ max: 4 }, { op: 'okta.getUser', max: 1 }], fail: [{ max: 3 }] },
  event: {
    pass: [{ twin: 'okta', where: { type: 'user.lifecycle.deactivate' }, count: 1 }],
    fail: [{ twin: 'okta', where: { type: 'user.lifecycle.delete' } }, { twin: 'slack' }],
  },
  throttled: {
    pass: [{ count: 1 }, { twin: 'okta', count: 0 }],
    fail: [{ count: 0 }, { twin: 'slack', count: { min: 2 } }],
  },
}

describe.each(Object.entries(CASES))('%s', (verb, { pass, fail }) => {
  it.each(pass.map((spec) => [spec]))('holds: %j', (spec) => {
    expect(judge({ [verb]: spec })).toMatchObject({ pass: true, critical: true })
  })
  it.each(fail.map((spec) => [spec]))('does not hold: %j', (spec) => {
    expect(judge({ [verb]: spec }).pass).toBe(false)
  })
})

describe('attempts of one call', () => {
  const attempt = (seq: number, status: number, caller = 'app'): CallFact => ({
    ...{ seq, at: seq, op: 'jira.createIssue', status, ok: status < 400, caller, throttled: false },
    request: { path: '/issue', query: {}, body: { summary: 'Anvil' } },
  })
  const calls = [attempt(1, 503), attempt(2, 429), attempt(3, 201), attempt(4, 503, 'another'), attempt(5, 201)]
  const holds = (body: object) => evaluate(check.parse({ id: 'c', ...body }), { ...world, calls }).pass

  it('count once', () => {
    expect(holds({ call: { op: 'jira.createIssue', count: 3 } })).toBe(true) // 3 carried out, of another caller one not
    expect(holds({ max_calls: { max: 3 } })).toBe(true)
    expect(holds({ no_call: { op: 'jira.createIssue', status: 429 } })).toBe(true)
  })
  it('count each when asked for raw', () => {
    expect(holds({ call: { op: 'jira.createIssue', count: 5, raw: true } })).toBe(true)
    expect(holds({ max_calls: { max: 4, raw: true } })).toBe(false)
    expect(holds({ no_call: { op: 'jira.createIssue', status: 429, raw: true } })).toBe(false)
  })
})

it('guards a scenario without `only`, by the kinds its checks speak of', () => {
  const parse = (body: object) => check.parse({ id: 'c', ...body })
  const implied = impliedOnly([
    parse({ absent: { kind: 'okta.user', where: { id: 'x' } } }),
    parse({ no_call: { op: 'okta.x' } }),
  ])
  expect(implied).toMatchObject({ critical: false, only: [{ kind: 'okta.user' }] })
  expect(evaluate(implied as never, world)).toMatchObject({ pass: false, critical: false, refs: ['D drive.file f1'] })
  expect(impliedOnly([parse({ only: [] })])).toBeUndefined()
})

it('links what it saw', () => {
  expect(judge({ call: { op: 'okta.deactivateUser' } }).refs).toEqual(['L4'])
  expect(judge({ diff: { kind: 'okta.user', changed: { status: {} } } }).refs).toEqual(['D okta.user u1'])
})

it.each([
  [{ id: 'x' }, /no verb/],
  [{ id: 'x', row: { kind: 'okta.user', is: {} }, absent: { kind: 'okta.user' } }, /two verbs: row, absent/],
  [{ id: 'x', absent: { kind: 'user' } }, /twin\.name/],
  [{ id: 'x', absent: { kind: 'okta.user', wher: {} } }, /wher/],
  [{ id: 'x', rows: { kind: 'okta.user', where: { a: { gtt: 1 } }, count: 1 } }, /where/],
  [{ id: 'x', call: { op: 'okta.getUser' }, kritical: true }, /kritical/],
  [{ id: 'x', invariant: 'no_miracles' }, /no_duplicate_effects/],
  [{ id: 'x', invariant: 'no_orphans(3)' }, /no_retry_storm\(n\)/],
])('refuses %j', (body, message) => {
  const parsed = check.safeParse(body)
  expect(parsed.success).toBe(false)
  expect(JSON.stringify(parsed.error?.issues)).toMatch(message)
})
