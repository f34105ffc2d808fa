import { z } from 'zod'
import type { Person } from '../../shared/kernel/twin.ts'
import { apiToken, DEFAULT_PASSWORD } from './defaults.ts'
import { newId, PREFIX } from './ids.ts'
import type { OktaMoment } from './operations/define.ts'
import { createApp } from './rules/apps.ts'
import { followGroups, newAssignment } from './rules/assignments.ts'
import { applyRules } from './rules/groupRules.ts'
import { join, membersOf } from './rules/membership.ts'
import { assign } from './rules/roles.ts'
import { findUser, settle } from './rules/users.ts'
import type { Group, User } from './tables/directory.ts'

/** The `okta` section of a fixture. People themselves are declared once, for every twin. */
export const fixture = z.strictObject({
  org: z.strictObject({ subdomain: z.string(), companyName: z.string() }).partial().optional(),
  groups: z
    .array(
      z.strictObject({
        name: z.string(),
        description: z.string().optional(),
        members: z.array(z.string()).optional().describe('Logins.'),
        department: z.string().optional().describe('Everybody of this department, by a group rule.'),
      }),
    )
    .default([]),
  apps: z
    .array(
      z.strictObject({
        label: z.string(),
        name: z.string().optional(),
        signOnMode: z.string().optional(),
        settings: z.record(z.string(), z.unknown()).optional(),
        credentials: z.record(z.string(), z.unknown()).optional(),
        users: z.array(z.string()).default([]),
        groups: z.array(z.string()).default([]),
      }),
    )
    .default([]),
  tokens: z.array(z.strictObject({ owner: z.string(), name: z.string(), secret: z.string() })).default([]),
})

export type OktaFixture = z.infer<typeof fixture>

/** Adds the people, then groups, apps and tokens. */
export function seed(moment: OktaMoment, people: readonly Person[], section: unknown): void {
  for (const person of people) addPerson(moment, person)
  if (section === undefined) return
  const given = fixture.parse(section)
  const [org] = moment.tables.org.all()
  if (org && given.org) moment.tables.org.patch(org.id, given.org)
  for (const group of given.groups) addGroup(moment, group)
  for (const app of given.apps) addApp(moment, app)
  for (const { owner, name, secret } of given.tokens) apiToken(moment, login(moment, owner), name, secret)
}

function addPerson(moment: OktaMoment, person: Person): void {
  if (findUser(moment.tables, person.email)) return
  const { email, firstName, lastName, title, department, manager, timeZone, admin } = person
  const profile = {
    firstName,
    lastName,
    login: email,
    email,
    ...(title !== undefined && { title }),
    ...(department !== undefined && { department }),
    ...(manager !== undefined && { manager }),
    ...(timeZone !== undefined && { timezone: timeZone }),
  }
  const user = settle(moment, profile, DEFAULT_PASSWORD)
  if (admin) assign(moment, { holder: 'USER', holderId: user.id, type: 'SUPER_ADMIN' })
  applyRules(moment, user.id)
}

function addGroup(moment: OktaMoment, given: OktaFixture['groups'][number]): void {
  const { tables, now } = moment
  const group = tables.groups.insert({
    id: newId(moment, PREFIX.group),
    type: 'OKTA_GROUP',
    created: now,
    lastUpdated: now,
    lastMembershipUpdated: now,
    objectClass: ['okta:user_group'],
    profile: { name: given.name, description: given.description ?? null },
  })
  for (const member of given.members ?? []) join(moment, group, login(moment, member))
  if (given.department === undefined) return
  tables.groupRules.insert({
    id: newId(moment, PREFIX.groupRule),
    name: given.name,
    status: 'ACTIVE',
    created: now,
    lastUpdated: now,
    expression: `user.department=="${given.department}"`,
    expressionType: 'urn:okta:expression:1.0',
    groupIds: [group.id],
    excludedUsers: [],
    excludedGroups: [],
  })
  for (const user of tables.users.all()) applyRules(moment, user.id)
}

function addApp(moment: OktaMoment, given: OktaFixture['apps'][number]): void {
  const { tables } = moment
  const { users, groups, ...body } = given
  const { app } = createApp(moment, body, true)
  groups.forEach((name, priority) => {
    const group = groupNamed(moment, name)
    tables.appGroups.insert({ appId: app.id, groupId: group.id, priority, profile: {}, lastUpdated: moment.now })
    for (const member of membersOf(moment, group)) followGroups(moment, member)
  })
  for (const name of users) tables.appUsers.put(newAssignment(moment, app, login(moment, name), 'USER', []))
}

function login(moment: OktaMoment, name: string): User {
  const user = findUser(moment.tables, name)
  if (!user) throw new Error(`The Okta fixture names ${name}, who is nobody`)
  return user
}

function groupNamed(moment: OktaMoment, name: string): Group {
  const [group] = moment.tables.groups.where('name', name.toLowerCase())
  if (!group) throw new Error(`The Okta fixture names group ${name}, which is not there`)
  return group
}
