import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as tlsConnect } from 'node:tls'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { library } from '../../testing/library.ts'
import { Multiverse } from '../multiverse.ts'
import { TwinServer } from '../server.ts'
import { Authority } from './authority.ts'
import { twinOfHost } from './hosts.ts'

const run = promisify(execFile)

/** The library answers for slack.com here: what is tested is the way to it. */
const twin = { ...library, name: 'slack' }
let folder: string
let server: TwinServer
let multiverse: Multiverse
let authority: Authority
let port: number

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dtu-ca-'))
  authority = await new Authority(join(folder, 'ca')).ready()
  multiverse = new Multiverse([twin])
  server = new TwinServer({ multiverse, authority })
  port = (await server.listen(0)).port
  multiverse.create({ id: 'default' })
  for (let i = 0; i < 10; i++) multiverse.create({ id: `u${i}` })
})

afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

/** Opens a tunnel; answers the status line and, when accepted, the socket. */
function tunnel(target: string, universe?: string): Promise<{ line: string; socket: Socket; rest: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    const user = universe ? `Proxy-Authorization: Basic ${Buffer.from(`${universe}:x`).toString('base64')}\r\n` : ''
    socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${user}\r\n`)
    let head = ''
    const read = (chunk: Buffer) => {
      head += chunk.toString('latin1')
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) return
      socket.off('data', read)
      resolve({ line: head.slice(0, head.indexOf('\r\n')), socket, rest: head.slice(end + 4) })
    }
    socket.on('data', read)
    socket.on('error', reject)
  })
}

/** One HTTP exchange over an open socket. */
function exchange(socket: Socket, host: string, method: string, path: string, body?: object) {
  return new Promise<{ status: number; body: { books?: { title: string }[] }; headers: IncomingMessage['headers'] }>(
    (resolve, reject) => {
      const sent = httpRequest(
        {
          createConnection: () => socket,
          method,
          path,
          headers: { host, authorization: 'Bearer reader-all-', 'content-type': 'application/json' },
        },
        (response) => {
          let text = ''
          response.on('data', (chunk) => {
            text += chunk
          })
          response.on('end', () =>
            resolve({ status: response.statusCode as number, body: JSON.parse(text), headers: response.headers }),
          )
        },
      )
      sent.on('error', reject)
      sent.end(body && JSON.stringify(body))
    },
  )
}

const secure = (socket: Socket, servername: string) =>
  new Promise<Socket>((resolve, reject) => {
    const inside = tlsConnect({ socket, servername, ca: readFileSync(authority.certificateFile) }, () =>
      resolve(inside),
    )
    inside.on('error', reject)
  })

describe('one port', () => {
  it('speaks TLS with a certificate of our authority, and links by the scheme of the caller', async () => {
    const inside = await secure(connect(port, '127.0.0.1'), 'localhost')
    const { status, headers } = await exchange(inside, `localhost:${port}`, 'POST', '/slack/books', {
      title: 'Over TLS',
      shelf: 'a',
    })
    expect(status).toBe(201)
    expect(headers.location).toMatch(new RegExp(`^https://localhost:${port}/slack/books/`))
  })

  it('answers as the real host inside a tunnel, TLS or not', async () => {
    const { line, socket } = await tunnel('slack.com:443', 'u1')
    expect(line).toBe('HTTP/1.1 200 Connection established')
    const tls = await exchange(await secure(socket, 'slack.com'), 'slack.com', 'POST', '/books', {
      title: 'Real',
      shelf: 'a',
    })
    expect(tls.headers.location).toMatch(/^https:\/\/slack\.com\/books\//)
    const plain = await exchange((await tunnel('slack.com:80', 'u1')).socket, 'slack.com', 'GET', '/books')
    expect(plain.body.books?.map(({ title }) => title)).toEqual(['Real'])
  })

  it('takes absolute-form requests', async () => {
    const response = await new Promise<IncomingMessage>((resolve) => {
      httpRequest(
        { port, host: '127.0.0.1', path: 'http://slack.com/books', headers: { authorization: 'Bearer reader-all-' } },
        resolve,
      ).end()
    })
    expect(response.statusCode).toBe(200)
    response.resume()
  })

  it('tunnels to servers of the machine, and to itself', async () => {
    const own = createServer((_request, response) => response.end('{"own":true}'))
    await new Promise<void>((resolve) => own.listen(0, '127.0.0.1', resolve))
    const target = `localhost:${(own.address() as AddressInfo).port}`
    expect((await exchange((await tunnel(target)).socket, target, 'GET', '/')).body).toEqual({ own: true })
    own.close()
    const self = `localhost:${port}`
    expect((await exchange((await tunnel(self)).socket, self, 'GET', '/slack/books')).status).toBe(200)
  })
})

describe('any other host', () => {
  it('is refused with what to do, and recorded', async () => {
    const { line, rest } = await tunnel('example.com:443', 'u2')
    expect(line).toBe('HTTP/1.1 403 dtu: example.com is not a twin')
    expect(rest).toMatch(/--allow example\.com/)
    const ledger = [...multiverse.get('u2').ledger.entries()]
    expect(ledger).toMatchObject([{ twin: 'proxy', operation: 'blocked', path: 'example.com', status: 403 }])
  })

  it.each(['slack.com.evil.test:443', 'notslack.com:443', '169.254.169.254:80', '10.0.0.1:80', ':443'])(
    '%s too',
    async (target) => {
      expect((await tunnel(target)).line).toMatch(/^HTTP\/1\.1 403 /)
    },
  )

  it('gets no certificate a client would believe', async () => {
    await expect(secure(connect(port, '127.0.0.1'), 'example.com')).rejects.toThrow(/altnames|does not match/i)
  })
})

it('keeps 200 tunnels in ten universes apart', async () => {
  await Promise.all(
    Array.from({ length: 200 }, async (_, i) => {
      const universe = `u${i % 10}`
      const inside = await secure((await tunnel('slack.com:443', universe)).socket, 'slack.com')
      await exchange(inside, 'slack.com', 'POST', '/books', { title: `${universe} book ${i}`, shelf: 'crowd' })
    }),
  )
  for (let i = 0; i < 10; i++) {
    const { socket } = await tunnel('slack.com:80', `u${i}`)
    const titles = (await exchange(socket, 'slack.com', 'GET', '/books?shelf=crowd&limit=100')).body.books?.map(
      ({ title }) => title,
    )
    expect(titles).toHaveLength(20)
    expect(titles?.every((title) => title.startsWith(`u${i} `))).toBe(true)
  }
})

describe('the authority', () => {
  it('is made once, with a key only its owner reads', async () => {
    const before = readFileSync(authority.certificateFile, 'utf8')
    await new Authority(authority.folder).ready()
    expect(readFileSync(authority.certificateFile, 'utf8')).toBe(before)
    expect(statSync(join(authority.folder, 'ca-key.pem')).mode & 0o777).toBe(0o600)
  })

  it('cannot vouch for a host that is not ours', async () => {
    const { stdout } = await run('openssl', ['x509', '-in', authority.certificateFile, '-noout', '-text'])
    expect(stdout).toMatch(/Name Constraints: critical/)
    expect(stdout).toMatch(/DNS:slack\.com/)
    const foreign = join(folder, 'foreign')
    const openssl = (...args: string[]) => run('openssl', args)
    await openssl(
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      `${foreign}.key`,
      '-out',
      `${foreign}.csr`,
      '-subj',
      '/CN=bank.test',
      '-addext',
      'subjectAltName=DNS:bank.test',
    )
    await openssl(
      'x509',
      '-req',
      '-in',
      `${foreign}.csr`,
      '-CA',
      authority.certificateFile,
      '-CAkey',
      join(authority.folder, 'ca-key.pem'),
      '-out',
      `${foreign}.pem`,
      '-copy_extensions',
      'copy',
    )
    await expect(openssl('verify', '-CAfile', authority.certificateFile, `${foreign}.pem`)).rejects.toThrow(
      /permitted subtree violation/,
    )
  })
})

it.each([
  ['slack.com', '/api/auth.test', 'slack'],
  ['files.slack.com', '/', 'slack'],
  ['acme-admin.okta.com', '/', 'okta'],
  ['acme.atlassian.net', '/', 'jira'],
  ['api.atlassian.com', '/', 'jira'],
  ['www.googleapis.com', '/drive/v3/files', 'drive'],
  ['www.googleapis.com', '/upload/drive/v3/files', 'drive'],
  ['sheets.googleapis.com', '/v4/spreadsheets/x', 'sheets'],
  ['docs.googleapis.com', '/v1/documents/x', 'docs'],
  ['oauth2.googleapis.com', '/token', 'drive'],
  ['OKTA.com', '/', undefined],
  ['evilslack.com', '/', undefined],
])('%s%s belongs to %s', (host, path, expected) => {
  expect(twinOfHost(host, path)).toBe(expected)
})
