import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { run } from '../../scripts/commands/contract.ts'

const discovery = (methods: object, extra: object = {}) => ({
  discoveryVersion: 'v1',
  name: 'docs',
  version: 'v1',
  revision: '20260101',
  title: 'Docs',
  servicePath: '',
  schemas: { Note: { id: 'Note', type: 'object', properties: { text: { type: 'string', description: 'Words.' } } } },
  resources: { notes: { methods } },
  ...extra,
})
const method = (name: string, verb: string, path: string) => ({
  [name]: { id: `docs.notes.${name}`, httpMethod: verb, path, response: { $ref: 'Note' }, scopes: ['s'] },
})

const openApi = (title: string, operations: Record<string, string>) => ({
  openapi: '3.0.1',
  info: { title, version: '1' },
  paths: Object.fromEntries(
    Object.entries(operations).map(([operationId, path]) => [path, { get: { operationId, responses: { 200: {} } } }]),
  ),
})

let work = ''
let openapi = ''
let out = ''
let errors = ''

beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'contract-'))
  openapi = join(work, 'openapi')
  mkdirSync(openapi)
  out = ''
  errors = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += text
    return true
  })
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    errors += text
    return true
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(work, { recursive: true })
})

function file(name: string, content: object | string): string {
  const path = join(work, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}
const contract = (...args: string[]) => run([...args, '--folder', openapi])
const read = (name: string) => readFileSync(join(openapi, name), 'utf8')

/** Every file below a folder with its bytes. */
function bytes(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  const plain = files.filter((name) => statSync(join(folder, name)).isFile())
  return Object.fromEntries(plain.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}

describe('dtu contract pull', () => {
  it('writes contract, types, base and provenance', async () => {
    const from = file('docs.json', discovery(method('get', 'GET', 'v1/notes/{id}')))
    expect(await contract('pull', 'docs', '--from', from)).toBe(0)
    expect(out).toContain('openapi/docs.json: 1 operations')
    const written = JSON.parse(read('docs.json'))
    expect(Object.keys(written)[0]).toBe('x-dtu-generated')
    expect(written.paths['/v1/notes/{id}'].get.operationId).toBe('docs.notes.get')
    expect(read('docs.json')).not.toContain('Words.')
    expect(read('types/docs.ts')).toContain('"docs.notes.get"')
    expect(JSON.parse(read('sources.json')).docs).toMatchObject({
      title: 'Docs',
      version: 'v1 20260101',
      operations: 1,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  it('gives the same bytes for the same input, whatever the order of its members and whenever it is pulled', async () => {
    const methods = { ...method('get', 'GET', 'v1/a'), ...method('list', 'GET', 'v1/b') }
    const reversed = Object.fromEntries(Object.entries(methods).toReversed())
    await contract('pull', 'docs', '--from', file('one.json', discovery(methods)))
    const first = bytes(openapi)
    await contract('pull', 'docs', '--from', file('one.json', discovery(methods)))
    expect(bytes(openapi)).toEqual(first)
    await contract('pull', 'docs', '--from', file('two.json', discovery(reversed)))
    const second = bytes(openapi)
    expect({ ...second, 'sources.json': '' }).toEqual({ ...first, 'sources.json': '' })
  })

  it('keeps the date of a document that is pulled again', async () => {
    const from = file('docs.json', discovery(method('get', 'GET', 'v1/a')))
    await contract('pull', 'docs', '--from', from)
    const sources = JSON.parse(read('sources.json'))
    sources.docs.date = '2020-02-02'
    writeFileSync(join(openapi, 'sources.json'), JSON.stringify(sources))
    await contract('pull', 'docs', '--from', from)
    expect(JSON.parse(read('sources.json')).docs.date).toBe('2020-02-02')
  })

  it('takes several documents, from a folder too, and then one of them alone', async () => {
    const folder = join(work, 'jira')
    mkdirSync(folder)
    writeFileSync(
      join(folder, 'a.json'),
      JSON.stringify(openApi('The platform', { getIssue: '/issue', getUser: '/user' })),
    )
    writeFileSync(
      join(folder, 'b.yaml'),
      'openapi: 3.0.1\ninfo: {title: Jira Software, version: "2"}\npaths:\n  /agile:\n    get: {operationId: getIssue, responses: {}}\n',
    )
    writeFileSync(join(folder, 'errors.json'), '{"E1": "not a contract"}')
    expect(await contract('pull', 'jira', '--from', folder)).toBe(0)
    expect(read('types/jira.ts')).toContain('"getAgileIssue"')
    expect(
      await contract('pull', 'jira', '--from', file('c.json', openApi('The platform', { getIssue: '/issue' }))),
    ).toBe(0)
    expect(out).toContain('openapi/jira.json: 2 operations')
  })

  it('applies the overlay, which build applies again without any document', async () => {
    mkdirSync(join(openapi, 'overlays'))
    const overlay = (path: string) =>
      `overlay: 1.0.0\nactions:\n  - target: $.paths\n    description: ours\n    update: { ${path}: { get: { operationId: ping, responses: {} } } }\n`
    writeFileSync(join(openapi, 'overlays', 'docs.yaml'), overlay('/ping'))
    await contract('pull', 'docs', '--from', file('docs.json', discovery(method('get', 'GET', 'v1/a'))))
    expect(out).toContain('openapi/docs.json: 1 operations and 1 of our own')
    expect(JSON.parse(read('docs.json')).paths['/ping'].get['x-dtu-added']).toBe(true)
    writeFileSync(join(openapi, 'overlays', 'docs.yaml'), overlay('/pong'))
    expect(await contract('build', 'docs')).toBe(0)
    expect(Object.keys(JSON.parse(read('docs.json')).paths)).toEqual(['/pong', '/v1/a'])
  })
})

describe('dtu contract diff', () => {
  it('compares the given documents with those we hold', async () => {
    await contract(
      'pull',
      'docs',
      '--from',
      file('a.json', discovery({ ...method('get', 'GET', 'v1/a'), ...method('old', 'GET', 'v1/o') })),
    )
    const newer = discovery(
      { ...method('get', 'GET', 'v1/a'), ...method('list', 'GET', 'v1/b') },
      {
        schemas: {
          Note: { id: 'Note', type: 'object', properties: { text: { type: 'string' }, due: { type: 'string' } } },
        },
      },
    )
    const from = file('b.json', newer)
    const before = bytes(openapi)
    out = ''
    expect(await contract('diff', 'docs', '--from', from)).toBe(0)
    expect(out.split('\n')).toEqual([
      '+ docs.notes.list  GET /v1/b',
      '- docs.notes.old  GET /v1/o',
      '~ docs.notes.get  GET /v1/a  (schema Note)',
      'docs: 1 added, 1 removed, 1 changed',
      '',
    ])
    expect(bytes(openapi)).toEqual(before)
    out = ''
    expect(await contract('diff', 'docs', '--from', from, '--json', '--check')).toBe(1)
    expect(JSON.parse(out)).toMatchObject({
      twin: 'docs',
      documents: [{ document: 'docs', added: [{ operation: 'docs.notes.list' }] }],
    })
  })

  it('finds nothing in prose', async () => {
    await contract('pull', 'docs', '--from', file('a.json', discovery(method('get', 'GET', 'v1/a'))))
    const reworded = discovery(method('get', 'GET', 'v1/a'), {
      schemas: {
        Note: { id: 'Note', type: 'object', properties: { text: { type: 'string', description: 'Better words.' } } },
      },
    })
    expect(await contract('diff', 'docs', '--from', file('b.json', reworded), '--check')).toBe(0)
  })
})

describe('what goes wrong is said in one line', () => {
  it.each([
    ['no verb', [], ''],
    ['another verb', ['push', 'docs'], 'there is no "contract push"'],
    ['no twin', ['pull'], 'name one twin: okta'],
    ['another twin', ['pull', 'trello'], 'there is no twin "trello"'],
    ['two twins', ['pull', 'okta', 'jira'], 'name one twin'],
    ['no file', ['pull', 'docs', '--from', '/nowhere/at/all.json'], 'no such file: /nowhere/at/all.json'],
    ['never pulled', ['build', 'docs'], 'openapi/base/docs.json is missing: pull it first'],
    ['no twin to build', ['build'], 'which twin?'],
    ['a flag nobody knows', ['pull', 'docs', '--form', 'x'], '--form'],
    ['only files to clone', ['pull', 'slack'], 'clone https://github.com/slack-ruby/slack-api-ref'],
  ])('%s', async (_case, args, message) => {
    expect(await contract(...args)).toBe(2)
    expect(errors).toContain(message)
  })

  it('another service’s document', async () => {
    const from = file('docs.json', discovery({}))
    expect(await contract('pull', 'drive', '--from', from)).toBe(2)
    expect(errors).toContain(`${from} is none of the documents drive is made of: drive`)
  })

  it('the same document twice', async () => {
    const [a, b] = [file('a.json', discovery({})), file('b.json', discovery({}))]
    expect(await contract('pull', 'docs', '--from', a, '--from', b)).toBe(2)
    expect(errors).toContain(`${a} and ${b} are both docs`)
  })

  it.each([
    ['broken.yaml', 'openapi: 3.0.0\ninfo:\n  title: [x\npaths: {}\n', /broken\.yaml: line [34]: not YAML/],
    ['broken.json', '{\n  "openapi": "3.0.0",\n  "paths": oops{}\n}', /broken\.json: line [34]: not JSON/],
    ['list.json', '[1, 2]', /list\.json: line 1: expected an object, found a list/],
    ['empty.yaml', '', /empty\.yaml: line 1: expected an object, found nothing/],
  ])('%s names its line', async (name, text, message) => {
    expect(await contract('pull', 'docs', '--from', file(name, text))).toBe(2)
    expect(errors).toMatch(message)
  })

  it('a reference that leads nowhere', async () => {
    const broken = {
      ...openApi('The platform', {}),
      paths: { '/a': { get: { operationId: 'a', responses: { 200: { $ref: '#/components/responses/None' } } } } },
    }
    expect(await contract('pull', 'jira', '--from', file('j.json', broken))).toBe(2)
    expect(errors).toContain('reference leads nowhere: #/components/responses/None')
  })
})

it('one file per Slack method makes a catalogue', async () => {
  const folder = join(work, 'methods')
  mkdirSync(folder)
  const slackMethod = (desc: string) => JSON.stringify({ desc, args: { properties: {} }, scope: {}, rate_limits: 't2' })
  writeFileSync(join(folder, 'api.test.json'), slackMethod('Tests'))
  writeFileSync(join(folder, 'tea.brew.json'), slackMethod('Brews'))
  const archive = file('archive.json', { swagger: '2.0', info: { version: '1' }, paths: {} })
  const tiers = file('tiers.json', { 'api.test': 'Tier4', 'tea.old': 'Tier1' })
  expect(await contract('pull', 'slack', '--from', folder, '--from', archive, '--from', tiers)).toBe(0)
  expect(out).toContain('openapi/slack.json: 2 operations and 1 of our own')
})

it('takes a document from an address, and says what an address answered instead', async () => {
  const document = JSON.stringify(discovery(method('get', 'GET', 'v1/a')))
  const server = createServer((request, response) => {
    const found = request.url === '/docs.json'
    response.writeHead(found ? 200 : 404).end(found ? document : 'gone')
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  try {
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    expect(await contract('pull', 'docs', '--from', `${base}/docs.json`)).toBe(0)
    expect(JSON.parse(read('sources.json')).docs.url).toBe(`${base}/docs.json`)
    expect(await contract('pull', 'docs', '--from', `${base}/else.json`)).toBe(2)
    expect(errors).toContain(`${base}/else.json answered 404`)
  } finally {
    server.close()
  }
})
