import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { EMAIL_TEMPLATES } from '../defaults/emailTemplates.ts'
import { fail, invalid, notFound, requireFields } from '../errors.ts'
import { newId, PREFIX } from '../ids.ts'
import { hinted } from '../links.ts'
import { page } from '../paging.ts'
import { objectBody } from '../resource.ts'
import type { Document } from '../tables/document.ts'
import { customizationView, templatePath, templateView } from '../views/branding.ts'
import { brandOf } from './brands.ts'
import { type OktaCall, operations } from './define.ts'

interface Place {
  readonly brandId: string
  readonly name: string
  readonly parent: string
}

/** Template names in paths count without regard to case; older lists spell them in lower case. */
function placeOf(call: OktaCall): Place {
  const brandId = brandOf(call).id
  const asked = (call.params as { templateName: string }).templateName
  const aliases: Record<string, string> = { welcome: 'UserActivation' }
  const name = EMAIL_TEMPLATES.find((one) => one.toLowerCase() === asked.toLowerCase()) ?? aliases[asked.toLowerCase()]
  if (!name) return notFound(asked, 'EmailTemplate')
  return { brandId, name, parent: `${brandId}/${name}` }
}

const customizationsOf = (call: OktaCall, place: Place): Document[] =>
  call.tables.emailCustomizations.where('parent', place.parent)

function customizationOf(call: OktaCall, place: Place): Document {
  const { customizationId } = call.params as { customizationId: string }
  const row = call.tables.emailCustomizations.get(customizationId)
  return row?.parent === place.parent ? row : notFound(customizationId, 'EmailCustomization')
}

/** A language, with script or region: `en`, `pt-BR`, `zh-Hant`, `es-419`. */
const LOCALE = /^[a-z]{2,3}([-_][a-z]{4})?([-_]([a-z]{2}|\d{3}))?$/i

/** What a mail cannot do without: one of these (okta-sdk-dotnet's live suite). */
const NEEDED: Readonly<Record<string, RegExp>> = { UserActivation: /\$\{activation(Link|Token)\}/ }

function given(call: OktaCall, name: string) {
  const body = objectBody(call as { body: unknown })
  requireFields(body, ['language', 'subject', 'body'])
  if (!LOCALE.test(String(body.language))) fail('E0000236')
  if (!(NEEDED[name]?.test(String(body.body)) ?? true)) invalid('body', ['Invalid email text'])
  return {
    subject: body.subject as string,
    body: body.body as string,
    language: body.language as string,
    isDefault: body.isDefault === true,
  }
}

const SUBJECTS: Readonly<Record<string, string>> = {
  UserActivation: 'Welcome to Okta!',
  ForgotPassword: 'Account password reset',
  PasswordChanged: 'Password changed',
}

/** What Okta writes when nobody has customised a template. */
const defaultContent = (name: string) => ({
  subject: SUBJECTS[name] ?? name.replace(/([a-z])([A-Z])/g, '$1 $2'),
  body: `<!DOCTYPE html>\n<html>\n<body>\n<div style="background-color: \${brand.theme.secondaryColor}">\n<p>Hi \${f:escapeHtml(user.profile.firstName)},</p>\n<p>\${org.name}</p>\n</div>\n</body>\n</html>\n`,
})

/** Variables filled in for somebody who looks at a mail before it is sent. */
function previewed(call: OktaCall, text: string): string {
  const user = call.caller.userId ? call.tables.users.get(call.caller.userId) : undefined
  const [org] = call.tables.org.all()
  const values: Record<string, string> = {
    'user.profile.firstName': String(user?.profile.firstName ?? ''),
    'user.firstName': String(user?.profile.firstName ?? ''),
    'user.profile.login': String(user?.profile.login ?? ''),
    'org.name': org?.companyName ?? '',
  }
  return text.replace(
    /\$\{(?:f:escapeHtml\()?([\w.]+)\)?\}/g,
    (_, name: string) => values[name] ?? `(${name} Placeholder)`,
  )
}

const settingsId = (place: Place) => `${place.parent}/settings`

const settingsView = (call: OktaCall, place: Place) => {
  const path = templatePath(place.brandId, place.name)
  return {
    recipients: call.tables.brandPages.get(settingsId(place))?.data.recipients ?? 'ALL_USERS',
    _links: { template: hinted(call, path, 'GET'), self: hinted(call, `${path}/settings`, 'GET', 'PUT') },
  }
}

/** What an expanded template shows inside. */
function embedded(call: OktaCall, place: Place, expand: readonly string[] | undefined): object | undefined {
  if (!expand?.length) return undefined
  return {
    ...(expand.includes('settings') && { settings: settingsView(call, place) }),
    ...(expand.includes('customizationCount') && { customizationCount: customizationsOf(call, place).length }),
  }
}

/** E-mail templates of a brand, and the org's wording of them in each language. */
export const emailTemplates = operations({
  listEmailTemplates(call) {
    const brandId = brandOf(call).id
    const cursor = (name: string) => Buffer.from(name).toString('base64')
    const follows = (name: string, mark: string) => name > Buffer.from(mark, 'base64').toString()
    return page(call, [...EMAIL_TEMPLATES].sort(), { limit: 20, max: 200, cursor, follows }, (name) =>
      templateView(
        call,
        brandId,
        name,
        embedded(call, { brandId, name, parent: `${brandId}/${name}` }, call.query.expand),
      ),
    )
  },

  getEmailTemplate(call) {
    const place = placeOf(call)
    return ok(templateView(call, place.brandId, place.name, embedded(call, place, call.query.expand)))
  },

  listEmailCustomizations(call) {
    const place = placeOf(call)
    return page(call, customizationsOf(call, place), { limit: 20, max: 200 }, (row) =>
      customizationView(call, place.brandId, place.name, row),
    )
  },

  /** The first is the default whatever it says. */
  createEmailCustomization(call) {
    const place = placeOf(call)
    const sent = given(call, place.name)
    const others = customizationsOf(call, place)
    if (others.some((row) => row.data.language === sent.language)) fail('E0000183')
    if (others.length > 0 && sent.isDefault) clearDefault(call, others)
    const row = call.tables.emailCustomizations.insert({
      id: newId(call, PREFIX.emailCustomization),
      parent: place.parent,
      created: call.now,
      lastUpdated: call.now,
      data: { ...sent, isDefault: sent.isDefault || others.length === 0 },
    })
    return created(customizationView(call, place.brandId, place.name, row))
  },

  getEmailCustomization(call) {
    const place = placeOf(call)
    return ok(customizationView(call, place.brandId, place.name, customizationOf(call, place)))
  },

  replaceEmailCustomization(call) {
    const place = placeOf(call)
    const before = customizationOf(call, place)
    const sent = given(call, place.name)
    const others = customizationsOf(call, place).filter((row) => row.id !== before.id)
    if (others.some((row) => row.data.language === sent.language)) fail('E0000183')
    if (before.data.isDefault === true && !sent.isDefault) fail('E0000185')
    if (sent.isDefault) clearDefault(call, others)
    const row = call.tables.emailCustomizations.patch(before.id, { data: sent, lastUpdated: call.now })
    return ok(customizationView(call, place.brandId, place.name, row))
  },

  /** Deleting what is gone succeeds: terraform-provider-okta's check after a destroy relies on it. */
  deleteEmailCustomization(call) {
    const all = customizationsOf(call, placeOf(call))
    const row = all.find(({ id }) => id === call.params.customizationId)
    if (row?.data.isDefault === true && all.length > 1) fail('E0000184')
    if (row) call.tables.emailCustomizations.remove(row.id)
    return noContent()
  },

  deleteAllCustomizations(call) {
    for (const row of customizationsOf(call, placeOf(call))) call.tables.emailCustomizations.remove(row.id)
    return noContent()
  },

  getCustomizationPreview(call) {
    const place = placeOf(call)
    const row = customizationOf(call, place)
    const path = templatePath(place.brandId, place.name)
    return ok({
      subject: previewed(call, String(row.data.subject)),
      body: previewed(call, String(row.data.body)),
      _links: {
        template: hinted(call, path, 'GET'),
        self: hinted(call, `${path}/customizations/${row.id}/preview`, 'GET'),
        contentSource: hinted(call, `${path}/customizations/${row.id}`, 'GET', 'PUT', 'DELETE'),
        test: hinted(call, `${path}/test`, 'POST'),
      },
    })
  },

  getEmailDefaultContent(call) {
    const { brandId, name } = placeOf(call)
    const path = templatePath(brandId, name)
    return ok({
      ...defaultContent(name),
      _links: {
        preview: hinted(call, `${path}/default-content/preview`, 'GET'),
        template: hinted(call, path, 'GET'),
        self: hinted(call, `${path}/default-content`, 'GET'),
        test: hinted(call, `${path}/test`, 'POST'),
      },
    })
  },

  getEmailDefaultPreview(call) {
    const { brandId, name } = placeOf(call)
    const path = templatePath(brandId, name)
    const { subject, body } = defaultContent(name)
    return ok({
      subject: previewed(call, subject),
      body: previewed(call, body),
      _links: {
        template: hinted(call, path, 'GET'),
        self: hinted(call, `${path}/default-content/preview`, 'GET'),
        contentSource: hinted(call, `${path}/default-content`, 'GET'),
        test: hinted(call, `${path}/test`, 'POST'),
      },
    })
  },

  getEmailSettings: (call) => ok(settingsView(call, placeOf(call))),

  replaceEmailSettings(call) {
    const place = placeOf(call)
    const { recipients } = objectBody(call as { body: unknown })
    if (!['ALL_USERS', 'ADMINS_ONLY', 'NO_USERS'].includes(String(recipients))) {
      invalid('recipients', ['recipients: The field has an invalid value'])
    }
    call.tables.brandPages.put({
      id: settingsId(place),
      parent: place.brandId,
      created: call.now,
      lastUpdated: call.now,
      data: { recipients },
    })
    return ok(settingsView(call, place))
  },

  /** The mail goes to the caller; a twin sends none, and answers as Okta does before it is sent. */
  sendTestEmail(call) {
    placeOf(call)
    return noContent()
  },
})

function clearDefault(call: OktaCall, rows: readonly Document[]): void {
  for (const row of rows) {
    if (row.data.isDefault) call.tables.emailCustomizations.patch(row.id, { data: { ...row.data, isDefault: false } })
  }
}
