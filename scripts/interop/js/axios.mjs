import assert from 'node:assert/strict'
import axios from 'axios'
import { env, jira } from './target.mjs'

const api = axios.create({ baseURL: jira, auth: { username: env.JIRA_EMAIL, password: env.JIRA_API_TOKEN } })
const { data: projects } = await api.get('/rest/api/3/project/search')
const fields = { project: { key: projects.values[0].key }, summary: 'Interop', issuetype: { name: 'Task' } }
const { data } = await api.post('/rest/api/3/issue', { fields })
assert.equal((await api.get(`/rest/api/3/issue/${data.key}`)).data.fields.summary, 'Interop')
