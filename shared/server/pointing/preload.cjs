'use strict'
// Required by programs that `dtu exec` runs. Node 24 honours the proxy variables by itself (NODE_USE_ENV_PROXY); before it,
// the agents of node:http, node:https and fetch are replaced here by ones that connect through the proxy.

const http = require('node:http')
const https = require('node:https')
const tls = require('node:tls')

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i
const proxy = process.env.HTTPS_PROXY && new URL(process.env.HTTPS_PROXY)

/** Opens a tunnel to a host, and TLS in it when asked. */
function open({ host, port, secure, servername, options = {} }, done) {
  const request = http.request({
    agent: new http.Agent(), // not the one that is replaced below
    host: proxy.hostname,
    port: proxy.port,
    method: 'CONNECT',
    path: `${host}:${port}`,
    headers: { 'proxy-authorization': `Basic ${Buffer.from(`${proxy.username}:x`).toString('base64')}` },
  })
  request.once('error', done)
  request.once('connect', (response, socket) => {
    if (response.statusCode !== 200) {
      socket.destroy()
      return done(new Error(`The proxy refused ${host}: ${response.statusCode} ${response.statusMessage}`))
    }
    if (!secure) return done(null, socket)
    const inside = tls.connect({ ...options, socket, servername: servername || host, ALPNProtocols: ['http/1.1'] })
    inside.once('secureConnect', () => done(null, inside))
    inside.once('error', done)
  })
  request.end()
}

/** An agent of node:http or node:https whose connections go through the proxy. */
const tunnelling = (Agent, secure) =>
  class extends Agent {
    createConnection(options, done) {
      const { host, port, servername, ca, cert, key, rejectUnauthorized } = options
      if (LOOPBACK.test(host)) return super.createConnection(options, done)
      const trust = { ca, cert, key, rejectUnauthorized: rejectUnauthorized !== false }
      open({ host, port, secure, servername, options: trust }, done)
    }
  }

/** Gives fetch a dispatcher like its own, with a connector that goes through the proxy. */
function redirectFetch() {
  const current = Symbol.for('undici.globalDispatcher.1')
  fetch('data:,').catch(() => {}) // the dispatcher is made on first use
  const Agent = globalThis[current]?.constructor
  if (!Agent) return
  const { Socket } = require('node:net')
  globalThis[current] = new Agent({
    connect({ hostname, port, protocol, servername }, done) {
      const secure = protocol === 'https:'
      const target = { host: hostname, port: port || (secure ? 443 : 80), secure, servername }
      if (!LOOPBACK.test(hostname)) return open(target, done)
      if (secure) {
        const inside = tls.connect({ host: hostname, port: target.port, servername: servername || hostname })
        return inside.once('secureConnect', () => done(null, inside)).once('error', done)
      }
      const socket = new Socket()
      socket.once('error', done)
      socket.connect(target.port, hostname, () => done(null, socket))
    },
  })
}

if (proxy && Number(process.versions.node.split('.')[0]) < 24) {
  http.globalAgent = new (tunnelling(http.Agent, false))({ keepAlive: true })
  https.globalAgent = new (tunnelling(https.Agent, true))({ keepAlive: true })
  if (typeof fetch === 'function') redirectFetch()
}
