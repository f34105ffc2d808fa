import { docs as docsClient } from '@googleapis/docs'
import { drive as driveClient } from '@googleapis/drive'
import { sheets as sheetsClient } from '@googleapis/sheets'
import okta from '@okta/okta-sdk-nodejs'
import { WebClient } from '@slack/web-api'
import { OAuth2Client } from 'google-auth-library'
import { createCloudClient } from 'jira.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from './world.ts'

/**
 * One story through all six services, told with their official clients: somebody joins the company.
 * Each step depends on what the one before left behind.
 */
let world: World

beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const JOINER = {
  firstName: 'Nora',
  lastName: 'Quist',
  email: 'nora.quist@example.com',
  login: 'nora.quist@example.com',
}

function clients() {
  const { access } = world
  // google-auth-library posts every service account's assertion to Google's own host; the twin's token is set instead.
  const auth = new OAuth2Client()
  auth.setCredentials({ access_token: access.drive.token })
  return {
    okta: new okta.Client({ orgUrl: access.okta.url, token: access.okta.token }),
    slack: new WebClient(access.slack.token, { slackApiUrl: `${access.slack.url}/api/` }),
    jira: createCloudClient({
      host: access.jira.url,
      auth: { type: 'basic', email: access.jira.email as string, apiToken: access.jira.token },
    }),
    docs: docsClient({
      version: 'v1',
      rootUrl: `${access.docs.url}/`,
      headers: { authorization: access.docs.authorization },
    }),
    drive: driveClient({ version: 'v3', rootUrl: `${access.drive.url}/`, auth }),
    sheets: sheetsClient({ version: 'v4', rootUrl: `${access.sheets.url}/`, auth }),
  }
}

describe('a joiner', () => {
  it('is created in Okta, welcomed in Slack, followed in Jira and given a plan and a budget', async () => {
    const { okta, slack, jira, docs, drive, sheets } = clients()

    // Okta: the person, staged and then activated, in a group of her own.
    const user = await okta.userApi.createUser({ body: { profile: JOINER }, activate: false })
    expect(user.status).toBe('STAGED')
    await okta.userApi.activateUser({ userId: user.id as string, sendEmail: false })
    const group = await okta.groupApi.createGroup({ group: { profile: { name: 'Joiners of March' } } })
    await okta.groupApi.assignUserToGroup({ groupId: group.id as string, userId: user.id as string })

    // Slack: a channel, a welcome, an answer in its thread and a reaction.
    const { channel } = await slack.conversations.create({ name: 'welcome-nora' })
    const channelId = channel?.id as string
    const welcome = await slack.chat.postMessage({ channel: channelId, text: `Welcome ${JOINER.firstName}! :wave:` })
    await slack.chat.postMessage({
      channel: channelId,
      thread_ts: welcome.ts as string,
      text: 'Her laptop is ordered.',
    })
    await slack.reactions.add({ channel: channelId, timestamp: welcome.ts as string, name: 'tada' })

    // Jira: an issue that moves to Done.
    const admin = await jira.myself.getCurrentUser()
    await jira.projects.createProject({
      key: 'ONB',
      name: 'Joiners',
      projectTypeKey: 'software',
      projectTemplateKey: 'com.pyxis.greenhopper.jira:gh-simplified-agility-kanban',
      leadAccountId: admin.accountId as string,
    } as never)
    const issue = await jira.issues.createIssue({
      fields: {
        project: { key: 'ONB' },
        issuetype: { name: 'Task' },
        summary: `Prepare the desk of ${JOINER.firstName}`,
      },
    } as never)
    const { transitions } = await jira.issues.getTransitions({ issueIdOrKey: issue.key as string })
    const done = transitions?.find(({ to }) => to?.statusCategory?.key === 'done')
    expect(done, JSON.stringify(transitions)).toBeDefined()
    await jira.issues.doTransition({
      issueIdOrKey: issue.key as string,
      transition: { id: done?.id as string },
    } as never)

    // Drive: a folder shared with her; a plan and a budget in it.
    const folder = await drive.files.create({
      requestBody: { name: 'Onboarding of Nora', mimeType: 'application/vnd.google-apps.folder' },
    })
    const folderId = folder.data.id as string
    await drive.permissions.create({
      fileId: folderId,
      sendNotificationEmail: false,
      requestBody: { type: 'user', role: 'writer', emailAddress: JOINER.email },
    })
    const plan = await docs.documents.create({ requestBody: { title: 'Plan for Nora' } })
    const planId = plan.data.documentId as string
    await docs.documents.batchUpdate({
      documentId: planId,
      requestBody: {
        requests: [
          { insertText: { location: { index: 1 }, text: 'First week\nMeet {{buddy}}\n' } },
          { replaceAllText: { containsText: { text: '{{buddy}}', matchCase: true }, replaceText: 'Omar' } },
          {
            updateParagraphStyle: {
              range: { startIndex: 1, endIndex: 11 },
              paragraphStyle: { namedStyleType: 'HEADING_1' },
              fields: 'namedStyleType',
            },
          },
        ],
      },
    })
    const budget = await sheets.spreadsheets.create({ requestBody: { properties: { title: 'Budget for Nora' } } })
    const budgetId = budget.data.spreadsheetId as string
    await sheets.spreadsheets.values.update({
      spreadsheetId: budgetId,
      range: 'Sheet1!A1:B4',
      valueInputOption: 'USER_ENTERED',
      requestBody: {
        values: [
          ['Laptop', 1800],
          ['Chair', '$320.50'],
          ['Training', '1,200'],
          ['Total', '=SUM(B1:B3)'],
        ],
      },
    })
    for (const fileId of [planId, budgetId]) {
      const { data } = await drive.files.get({ fileId, fields: 'parents' })
      await drive.files.update({ fileId, addParents: folderId, removeParents: data.parents?.join(',') })
    }

    // Everything is found again by searching.
    const found: string[] = []
    await (await okta.userApi.listUsers({ search: `profile.email eq "${JOINER.email}"` })).each((one) => {
      found.push(`${one?.status} ${one?.profile?.firstName}`)
    })
    expect(found).toEqual(['PROVISIONED Nora'])
    const members: string[] = []
    await (await okta.groupApi.listGroupUsers({ groupId: group.id as string })).each((one) => {
      members.push(one?.id as string)
    })
    expect(members).toEqual([user.id])

    const history = await slack.conversations.history({ channel: channelId })
    const parent = history.messages?.find(({ ts }) => ts === welcome.ts)
    expect(parent).toMatchObject({
      text: 'Welcome Nora! :wave:',
      reply_count: 1,
      reactions: [{ name: 'tada', count: 1 }],
    })
    const thread = await slack.conversations.replies({ channel: channelId, ts: welcome.ts as string })
    expect(thread.messages?.map(({ text }) => text)).toEqual(['Welcome Nora! :wave:', 'Her laptop is ordered.'])

    const search = await jira.issueSearch.searchAndReconsileIssuesUsingJql({
      jql: 'project = ONB AND statusCategory = Done AND summary ~ "desk"',
      fields: ['summary', 'status'],
    } as never)
    expect(search.issues?.map(({ key }) => key)).toEqual([issue.key])

    const files = await drive.files.list({
      q: `'${folderId}' in parents and trashed = false`,
      orderBy: 'name',
      fields: 'files(id,name,mimeType)',
    })
    expect(files.data.files?.map(({ id, name }) => [id, name])).toEqual([
      [budgetId, 'Budget for Nora'],
      [planId, 'Plan for Nora'],
    ])
    const text = await drive.files.list({ q: "fullText contains 'Omar'", fields: 'files(id)' })
    expect(text.data.files).toEqual([{ id: planId }])
    const { data: written } = await docs.documents.get({ documentId: planId })
    const paragraphs = written.body?.content?.flatMap(
      ({ paragraph }) => paragraph?.elements?.map(({ textRun }) => textRun?.content) ?? [],
    )
    expect(paragraphs).toEqual(['First week\n', 'Meet Omar\n', '\n'])
    const { data: total } = await sheets.spreadsheets.values.get({
      spreadsheetId: budgetId,
      range: 'Sheet1!B4',
      valueRenderOption: 'UNFORMATTED_VALUE',
    })
    expect(total.values).toEqual([[3320.5]])
  })
})
