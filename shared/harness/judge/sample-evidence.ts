import type { Evidence } from '../report/record.ts'

const AT = '2026-03-02T09:00:00.000Z'

/** A small run for tests: somebody asks, one call fails and is made again, an account closes, the software says so. */
export function sampleEvidence(change: { readonly said?: string; readonly asked?: string } = {}): Evidence {
  const { said = 'Done: the account of Grace Hall is closed.', asked = 'Please close the account of Grace Hall.' } =
    change
  const message = (ts: string, text: string, more: object) => ({
    kind: 'slack.messages',
    id: `C1:${ts}`,
    change: 'added' as const,
    fields: [],
    row: { id: `C1:${ts}`, ts, thread_ts: '1.1', channel_name: 'people', text, ...more },
  })
  const entry = (seq: number, op: string, method: string, path: string, status: number, more: object = {}) => ({
    seq,
    at: AT,
    kind: 'call' as const,
    twin: op.split('.')[0] as string,
    operation: op.split('.').slice(1).join('.'),
    op,
    method,
    path,
    status,
    request: undefined,
    response: undefined,
    rows: [] as string[],
    ...more,
  })
  return {
    names: { U1: 'Boris Chen' },
    entries: [
      entry(1, 'slack.postMessage', 'ACT', 'postMessage', 200, { kind: 'act', response: '{"ok":true,"ts":"1.1"}' }),
      entry(2, 'okta.listUsers', 'GET', '/api/v1/users?search=x', 200),
      entry(3, 'okta.deactivateUser', 'POST', '/api/v1/users/00u1/lifecycle/deactivate', 503, {
        response: '{"errorCode":"E0000009"}',
      }),
      entry(4, 'okta.deactivateUser', 'POST', '/api/v1/users/00u1/lifecycle/deactivate', 200, { rows: ['users'] }),
      entry(5, 'slack.chat.postMessage', 'POST', '/api/chat.postMessage', 200, {
        response: '{"ok":true,"ts":"1.2"}',
        rows: ['messages'],
      }),
    ],
    diff: [
      message('1.1', asked, { user: 'U1' }),
      message('1.2', said, { user: 'U9', bot_profile: { name: 'Helper' } }),
      {
        kind: 'okta.users',
        id: '00u1',
        label: 'grace.hall@acme.test',
        change: 'changed',
        fields: [{ path: 'status', from: 'ACTIVE', to: 'DEPROVISIONED' }],
      },
      { kind: 'okta.logs', id: 'log1', change: 'added', fields: [], row: { uuid: 'log1' } },
    ],
    output: { stdout: '', stderr: 'retrying after 503' },
  }
}
