import assert from 'node:assert/strict'
import JiraApi from 'jira-client'
import { env, jira } from './target.mjs'

const { protocol, hostname, port, pathname } = new URL(jira)
const client = new JiraApi({
  protocol: protocol.slice(0, -1),
  host: hostname,
  port,
  base: pathname.slice(1),
  username: env.JIRA_EMAIL,
  password: env.JIRA_API_TOKEN,
  apiVersion: '2',
})
const [{ key: project }] = await client.listProjects()
const { key } = await client.addNewIssue({
  fields: { project: { key: project }, summary: 'Interop', issuetype: { name: 'Task' } },
})
assert.equal((await client.findIssue(key)).fields.summary, 'Interop')
