import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import good from '../../fixtures/scenarios/systems/good.ts'
import { type Running, up } from '../server/up.ts'
import type { Facts } from './check.ts'
import { fixtureNamed } from './fixtures.ts'
import { meets, type Where } from './predicate.ts'
import { loadScenario, type Scenario } from './scenario.ts'
import { runTrajectory } from './trajectory.ts'

const FOLDER = fileURLToPath(new URL('../../fixtures/scenarios/', import.meta.url))
const SEED = 1

/** A finished run, to be changed in one thing. */
type End = { -readonly [K in keyof Facts]: Facts[K] }
// biome-ignore lint/suspicious/noExplicitAny: rows of any service, variables of any scenario
type Row = any
type Mutation = (end: End, vars: Row) => void

/** Changes rows of a kind at the end (or at the start); what changes nothing is a mistake of the test. */
const edit =
  (kind: string, where: Where, change: (row: Row) => void, when: 'before' | 'after' = 'after'): Mutation =>
  (end) => {
    const rows = structuredClone(end[when](kind)) as Row[]
    const chosen = rows.filter((row) => meets(row, where)).slice(0, 1)
    if (chosen.length === 0) throw new Error(`No ${kind} is ${JSON.stringify(where)}`)
    for (const row of chosen) change(row)
    const others = end[when]
    end[when] = (asked) => (asked === kind ? rows : others(asked))
  }

const drop =
  (kind: string, where: Where): Mutation =>
  (end) => {
    const left = end.after(kind).filter((row) => !meets(row, where))
    if (left.length === end.after(kind).length) throw new Error(`No ${kind} is ${JSON.stringify(where)}`)
    const others = end.after
    end.after = (asked) => (asked === kind ? left : others(asked))
  }

const add =
  (kind: string, row: object): Mutation =>
  (end) => {
    const rows = [...end.after(kind), row]
    const others = end.after
    end.after = (asked) => (asked === kind ? rows : others(asked))
  }

const called =
  (op: string, body: object = {}): Mutation =>
  (end) => {
    const fact = { seq: 900, at: 0, op, status: 200, ok: true, throttled: false, request: { body } }
    end.calls = [...end.calls, fact]
  }

const failedCall =
  (op: string, where: Where = {}): Mutation =>
  (end) => {
    end.calls = end.calls.map((one) => (one.op === op && meets(one.request, where) ? { ...one, ok: false } : one))
  }

/** The last word of the software in the thread says something else. */
const silent: Mutation = (end) => {
  const [last] = end
    .after('slack.messages')
    .filter((row) => meets(row, { bot_id: { exists: true }, thread_ts: { exists: true } }))
    .toReversed() as Row[]
  edit('slack.messages', { id: last.id }, (row) => {
    row.text = 'Hm.'
  })(end, {})
}

const somethingElse = edit('okta.users', { 'profile.login': 'liam.moss@acme.test' }, (row) => {
  row.profile.title = 'King'
})
const otherIssue = edit('jira.issues', { 'fields.summary': 'Price list for the autumn fair' }, (row) => {
  row.fields.labels = ['lost']
})
const otherDocument = edit('docs.documents', { title: 'Anvil shop architecture' }, (row) => {
  row.text = 'Gone.'
})
const openIssueOf = (email: string) => ({
  id: '99999',
  fields: { assignee: { emailAddress: email }, status: { statusCategory: { key: 'new' } } },
})

/** For every critical check of every sample, one change of the end that it alone must see. */
const MUTATIONS: Record<string, Record<string, Mutation>> = {
  'change-budget': {
    'cell-set': (end, vars) =>
      edit('sheets.sheets', { spreadsheet: 'Budget 2026' }, (row) => {
        row.values[vars.department.row][4] = '1'
      })(end, vars),
    'one-cell': edit('sheets.sheets', { spreadsheet: 'Budget 2026' }, (row) => {
      row.values[4][1] = '1'
    }),
    'told-the-total': silent,
    'nothing-else': somethingElse,
  },
  'file-bug': {
    'filed-right': (end, { symptom }) =>
      edit('jira.issues', { 'fields.summary': symptom }, (row) => {
        row.fields.issuetype.name = 'Task'
      })(end, {}),
    'told-the-key': silent,
    'others-untouched': otherIssue,
    'nothing-else': somethingElse,
  },
  'finish-task': {
    done: (end, { task }) =>
      edit('jira.issues', { 'fields.summary': task }, (row) => {
        row.fields.status.statusCategory.key = 'new'
      })(end, {}),
    'one-comment': (end) =>
      drop('jira.comments', { id: String((end.after('jira.comments').at(-1) as Row).id) })(end, {}),
    ticked: edit('slack.messages', { 'reactions.0.name': 'white_check_mark' }, (row) => {
      row.reactions = []
    }),
    'others-untouched': otherIssue,
  },
  'more-holidays': {
    'number-changed': edit('docs.documents', { title: 'Acme handbook' }, (row) => {
      row.text = row.text.replace('days a year', 'hours a year')
    }),
    'grace-kept': edit('docs.documents', { title: 'Acme handbook' }, (row) => {
      row.text = row.text.replace(', dear newcomer,', '')
    }),
    told: silent,
    'others-untouched': otherDocument,
    'nothing-lost': (end) => {
      const write = end.calls.find(({ op }) => op === 'docs.documents.batchUpdate')
      if (!write?.writes) throw new Error('Nothing was written')
      // Grace, between the look and the change.
      end.acts = [...end.acts, { seq: write.seq - 0.5, at: 0, act: 'docs.write', with: {}, writes: write.writes }]
    },
  },
  'offboard-colleague': {
    'account-off': (end, { leaver }) =>
      edit('okta.users', { 'profile.login': emailOf(leaver) }, (row) => {
        row.status = 'ACTIVE'
      })(end, {}),
    'heir-kept': (end, { heir }) =>
      edit('okta.users', { 'profile.login': emailOf(heir) }, (row) => {
        row.status = 'SUSPENDED'
      })(end, {}),
    'no-open-work-left': (end, { leaver }) => add('jira.issues', openIssueOf(emailOf(leaver)))(end, {}),
    'done-work-stays': called('okta.deleteUser'),
    'work-to-heir': (end) => {
      const after = end.after('jira.issues')
      const others = end.before
      end.before = (asked) => (asked === 'jira.issues' ? after : others(asked))
    },
    'asked-first': (end) => {
      end.acts = end.acts.slice(0, 1)
    },
    told: silent,
    'nothing-else': edit('drive.files', { name: 'logo.svg' }, (row) => {
      row.name = 'l0go.svg'
    }),
  },
  'welcome-newcomer': {
    'account-on': (end, { first }) =>
      edit('okta.users', { 'profile.firstName': first }, (row) => {
        row.status = 'STAGED'
      })(end, {}),
    'in-the-team': failedCall('okta.assignUserToGroup'),
    'handbook-shared': edit('drive.files', { name: 'Acme handbook' }, (row) => {
      row.permissions.pop()
    }),
    'one-laptop': drop('jira.issues', { 'fields.summary': { startsWith: 'Laptop for' } }),
    told: silent,
    'nobody-invited-everyone': called('drive.permissions.create', { type: 'anyone' }),
  },
  'write-incident-report': {
    'one-document': edit('docs.documents', { title: { startsWith: 'Incident: ' } }, (row) => {
      row.markdown = ''
    }),
    'engineers-may-edit': failedCall('drive.permissions.create'),
    'told-where': silent,
    'others-untouched': otherDocument,
  },
}

const emailOf = (name: string) => `${name.replace('_', '.')}@acme.test`

let running: Running
const samples = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => loadScenario(FOLDER + name))

beforeAll(async () => {
  running = await up({ port: 0, control: false })
})
afterAll(() => running.close())

/** Critical checks that fail when the end of a good run is changed. */
async function failing(scenario: Scenario, mutation: Mutation): Promise<string[]> {
  const twins = [...running.multiverse.apps.values()].map(({ twin }) => twin)
  const stage = { multiverse: running.multiverse, fixture: await fixtureNamed(scenario.world.fixture, twins) }
  let vars: Row = {}
  const bare = await runTrajectory(
    stage,
    scenario,
    {
      name: 'good',
      run: async (world) => {
        vars = world.vars
        await good(world)
      },
    },
    SEED,
    { faults: [], onFacts: (facts) => mutation(facts as End, vars) },
  )
  if (bare.outcome === 'invalid') throw new Error(bare.reasons.join())
  return bare.checks.filter(({ pass, critical }) => critical && !pass).map(({ id }) => id)
}

it('changes something for every check', () => {
  const checks = samples.map(({ id, checks }) => [id, checks.filter(({ critical }) => critical).map((one) => one.id)])
  expect(Object.entries(MUTATIONS).map(([id, known]) => [id, Object.keys(known)])).toEqual(checks)
})

describe.each(samples.map((scenario) => [scenario.id, scenario] as const))('%s', (id, scenario) => {
  it('passes as it is', async () => {
    expect(await failing(scenario, () => {})).toEqual([])
  })
  it.each(Object.entries(MUTATIONS[id] ?? {}))('a change flips %s alone', async (check, mutation) => {
    expect(await failing(scenario, mutation)).toEqual([check])
  })
})
