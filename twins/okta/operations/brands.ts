import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { blank, fail, invalid } from '../errors.ts'
import { newId, PREFIX } from '../ids.ts'
import { found, type Resource, resource } from '../resource.ts'
import { THEME } from '../rules/branding.ts'
import type { Document, Json } from '../tables/document.ts'
import { brandView, domainView, themeView } from '../views/branding.ts'
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
    const app = (body.defaultApp ?? {}) as Json
    return {
      name,
      removePoweredByOkta: body.removePoweredByOkta ?? false,
      customPrivacyPolicyUrl: url,
      agreeToCustomPrivacyPolicy: body.agreeToCustomPrivacyPolicy ?? false,
      isDefault: before?.data.isDefault ?? false,
      locale: body.locale ?? null,
      emailDomainId: body.emailDomainId ?? before?.data.emailDomainId ?? null,
      defaultApp: {
        appInstanceId: app.appInstanceId ?? null,
        appLinkName: app.appLinkName ?? null,
        classicApplicationUri: app.classicApplicationUri ?? null,
      },
    }
  },
  guard(verb, row, call) {
    if (verb !== 'remove') return
    if (row.data.isDefault) fail('E0000200')
    const used = [...call.tables.domains.all(), ...call.tables.emailDomains.all()].some(
      ({ data }) => data.brandId === row.id && data.validationStatus !== 'DELETED',
    )
    if (used) fail('E0000201')
  },
  view: (row, call) => brandView(call, row, row.data.isDefault ? landingApp(call) : undefined),
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

/** Reads name the dashboard where nothing else was chosen; the answers to writes say `null`. */
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
      const domains = call.tables.domains.all().filter((domain) => domain.data.brandId === brand.id)
      return ok({ domains: domains.map((domain) => domainView(call, domain)) })
    },
    uploadBrandThemeLogo: uploaded('logo'),
    deleteBrandThemeLogo: removed('logo'),
    uploadBrandThemeFavicon: uploaded('favicon'),
    deleteBrandThemeFavicon: removed('favicon'),
    uploadBrandThemeBackgroundImage: uploaded('backgroundImage'),
    deleteBrandThemeBackgroundImage: removed('backgroundImage'),
  }),
}
