import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { blank, fail, invalid } from '../errors.ts'
import { newId, PREFIX } from '../ids.ts'
import { found, type Resource, resource } from '../resource.ts'
import { THEME } from '../rules/branding.ts'
import type { Document, Json } from '../tables/document.ts'
import { brandView, domainView, emailDomainView, NO_APP, themeView } from '../views/branding.ts'
import { type OktaCall, operations } from './define.ts'

/** An org has the default brand and, by default, up to 200 more. */
const MAX_BRANDS = 200

export const brandFamily: Resource = {
  table: (tables) => tables.brands,
  prefix: PREFIX.brand,
  kind: 'Brand',
  param: 'brandId',
  operations: {
    list: 'listBrands',
    create: 'createBrand',
    get: 'getBrand',
    replace: 'replaceBrand',
    remove: 'deleteBrand',
  },
  page: { limit: 20, max: 200 },
  list(call, rows) {
    const { q } = call.query as { q?: string }
    return q === undefined ? rows : rows.filter((row) => String(row.data.name).toLowerCase().includes(q.toLowerCase()))
  },
  createdStatus: 201,
  data(body, call, before) {
    const name = body.name ?? before?.data.name
    if (!name) invalid('name', [blank('name')])
    const twin = call.tables.brands.all().find((row) => row.id !== before?.id && row.data.name === name)
    if (twin) fail('E0000202')
    if (!before && call.tables.brands.size >= MAX_BRANDS) fail('E0000220')
    const url = body.customPrivacyPolicyUrl || null
    if (url !== null && body.agreeToCustomPrivacyPolicy !== true) {
      invalid('agreeToCustomPrivacyPolicy', [
        'agreeToCustomPrivacyPolicy: The custom privacy policy must be agreed to.',
      ])
    }
    return {
      name,
      removePoweredByOkta: body.removePoweredByOkta ?? false,
      customPrivacyPolicyUrl: url,
      agreeToCustomPrivacyPolicy: body.agreeToCustomPrivacyPolicy ?? false,
      isDefault: before?.data.isDefault ?? false,
      locale: body.locale ?? null,
      ...(before || body.defaultApp ? { defaultApp: { ...NO_APP, ...(body.defaultApp as Json | undefined) } } : {}),
    }
  },
  guard(verb, row, call) {
    if (verb !== 'remove') return
    if (row.data.isDefault) fail('E0000200')
    if (domainsOf(call, row).length > 0 || emailDomainsOf(call, row).length > 0) fail('E0000201')
  },
  view: (row, call) => {
    const { id, ...rest } = brandView(call, row, {
      landing: landingApp(call),
      emailDomain: emailDomainsOf(call, row)[0]?.id,
    })
    const embedded = embeddedIn(call, row)
    return { id, ...(embedded && { _embedded: embedded }), ...rest }
  },
  after(verb, row, call) {
    const { themes, emailCustomizations, brandPages } = call.tables
    if (verb === 'create') {
      themes.insert({
        id: newId(call, PREFIX.theme),
        parent: row.id,
        created: call.now,
        lastUpdated: call.now,
        data: THEME,
      })
    }
    if (verb !== 'remove') return
    for (const table of [themes, emailCustomizations, brandPages]) {
      for (const part of table.all()) if (part.parent?.split('/')[0] === row.id) table.remove(part.id)
    }
  },
  events: { create: 'system.brand.create', replace: 'system.brand.update', remove: 'system.brand.delete' },
}

const domainsOf = (call: OktaCall, brand: Document): Document[] =>
  call.tables.domains.all().filter(({ data }) => data.brandId === brand.id)

const emailDomainsOf = (call: OktaCall, brand: Document): Document[] =>
  call.tables.emailDomains.all().filter(({ data }) => data.brandId === brand.id && data.validationStatus !== 'DELETED')

/** What `expand` may name of a brand. */
const EXPANSIONS: Readonly<Record<string, (call: OktaCall, brand: Document) => unknown>> = {
  themes: (call, brand) => call.tables.themes.where('parent', brand.id).map((theme) => themeView(call, theme)),
  domains: (call, brand) => domainsOf(call, brand).map((domain) => domainView(call, domain)),
  emailDomain: (call, brand) => emailDomainsOf(call, brand).map((domain) => emailDomainView(call, domain))[0],
}

function embeddedIn(call: OktaCall, brand: Document): Json | undefined {
  const { expand } = call.query as { expand?: string | string[] }
  const names = [expand ?? []].flat().filter((name) => Object.hasOwn(EXPANSIONS, name))
  if (names.length === 0) return undefined
  return Object.fromEntries(names.map((name) => [name, EXPANSIONS[name]?.(call, brand)]))
}

/** Reads name the dashboard until the brand was replaced once; the answers to writes say `null`. */
const landingApp = (call: OktaCall): string | undefined =>
  call.operation.method === 'get' ? call.tables.apps.where('name', 'okta_enduser')[0]?.id : undefined

/** The brand a path names. */
export const brandOf = (call: OktaCall): Document => found(brandFamily, call)

const COLOR = /^#(?:[0-9a-f]{3}){1,2}$/i

const themeFamily: Resource = {
  table: (tables) => tables.themes,
  prefix: PREFIX.theme,
  kind: 'Theme',
  param: 'themeId',
  parent: (call) => brandOf(call).id,
  operations: { list: 'listBrandThemes', get: 'getBrandTheme', replace: 'replaceBrandTheme' },
  required: ['primaryColorHex', 'secondaryColorHex'],
  data(body, _call, before) {
    const wrong = ['primaryColorHex', 'secondaryColorHex'].filter((name) => !COLOR.test(String(body[name])))
    if (wrong[0])
      invalid(
        wrong[0],
        wrong.map((name) => `${name}: Does not match required pattern`),
      )
    const known = Object.keys(THEME)
    const sent = Object.fromEntries(Object.entries(body).filter(([name]) => known.includes(name)))
    return { ...THEME, ...before?.data, ...sent }
  },
  view: (row, call) => themeView(call, row),
  events: { replace: 'system.brand.theme.update', target: 'Theme' },
}

type Image = 'logo' | 'favicon' | 'backgroundImage'

/** Pictures are kept by address alone: who asks for a theme learns where they would be. A logo alone answers 200. */
const uploaded = (name: Image) => (call: OktaCall) => {
  const theme = found(themeFamily, call)
  const url = `/fs/bco/1/${newId(call, 'fs0')}`
  call.tables.themes.patch(theme.id, { data: { ...theme.data, [name]: url }, lastUpdated: call.now })
  return { status: name === 'logo' ? 200 : 201, body: { url: call.link(url) } }
}

const removed = (name: Image) => (call: OktaCall) => {
  const theme = found(themeFamily, call)
  const { [name]: _, ...data } = theme.data
  call.tables.themes.patch(theme.id, { data, lastUpdated: call.now })
  return noContent()
}

export const brands = {
  ...resource(brandFamily),
  ...resource(themeFamily),
  ...operations({
    listBrandDomains(call) {
      const brand = brandOf(call)
      return ok({ domains: domainsOf(call, brand).map((domain) => domainView(call, domain)) })
    },
    uploadBrandThemeLogo: uploaded('logo'),
    deleteBrandThemeLogo: removed('logo'),
    uploadBrandThemeFavicon: uploaded('favicon'),
    deleteBrandThemeFavicon: removed('favicon'),
    uploadBrandThemeBackgroundImage: uploaded('backgroundImage'),
    deleteBrandThemeBackgroundImage: removed('backgroundImage'),
  }),
}
