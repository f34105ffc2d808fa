import assert from 'node:assert/strict'
import { createCloudClient } from 'jira.js'
import { env, jira } from './target.mjs'

const client = createCloudClient({
  host: jira,
  auth: { type: 'basic', email: env.JIRA_EMAIL, apiToken: env.JIRA_API_TOKEN },
})
const { values } = await client.projects.searchProjects()
const { key } = await client.issues.createIssue({
  fields: { project: { key: values[0].key }, summary: 'Interop', issuetype: { name: 'Task' } },
})
const issue = await client.issues.getIssue({ issueIdOrKey: key })
assert.equal(issue.fields.summary, 'Interop')
