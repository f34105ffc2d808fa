import type { Json } from '../tables/document.ts'

type Permission = 'READ_WRITE' | 'READ_ONLY' | 'HIDE'

/** Members every property of a profile schema has. */
export const propertyDefaults = (permission: Permission = 'READ_ONLY'): Json => ({
  mutability: 'READ_WRITE',
  scope: 'NONE',
  permissions: [{ principal: 'SELF', action: permission }],
  master: { type: 'PROFILE_MASTER' },
})

const property = (title: string, more: Json, permission: Permission): Json => {
  const { required, format, description, ...limits } = more
  return {
    title,
    ...(description !== undefined && { description }),
    type: 'string',
    ...(required !== undefined && { required }),
    ...(format !== undefined && { format }),
    mutability: 'READ_WRITE',
    scope: 'NONE',
    ...limits,
    permissions: [{ principal: 'SELF', action: permission }],
    master: { type: 'PROFILE_MASTER' },
  }
}

/** The 31 base properties of a user, in Okta's order. */
const USER: readonly (readonly [name: string, title: string, permission: Permission, more?: Json])[] = [
  ['login', 'Username', 'READ_ONLY', { required: true, minLength: 5, maxLength: 100 }],
  ['firstName', 'First name', 'READ_WRITE', { required: true, minLength: 1, maxLength: 50 }],
  ['lastName', 'Last name', 'READ_WRITE', { required: true, minLength: 1, maxLength: 50 }],
  ['middleName', 'Middle name', 'READ_ONLY'],
  ['honorificPrefix', 'Honorific prefix', 'READ_ONLY'],
  ['honorificSuffix', 'Honorific suffix', 'READ_ONLY'],
  ['email', 'Primary email', 'READ_WRITE', { required: true, format: 'email' }],
  ['title', 'Title', 'READ_ONLY'],
  ['displayName', 'Display name', 'READ_ONLY'],
  ['nickName', 'Nickname', 'READ_ONLY'],
  ['profileUrl', 'Profile Url', 'READ_ONLY', { format: 'uri' }],
  ['secondEmail', 'Secondary email', 'READ_WRITE', { format: 'email' }],
  ['mobilePhone', 'Mobile phone', 'READ_WRITE', { maxLength: 100 }],
  ['primaryPhone', 'Primary phone', 'HIDE', { maxLength: 100 }],
  ['streetAddress', 'Street address', 'HIDE'],
  ['city', 'City', 'HIDE'],
  ['state', 'State', 'HIDE'],
  ['zipCode', 'Zip code', 'HIDE'],
  ['countryCode', 'Country code', 'HIDE', { format: 'country-code' }],
  ['postalAddress', 'Postal Address', 'HIDE'],
  ['preferredLanguage', 'Preferred language', 'READ_ONLY', { format: 'language-code' }],
  ['locale', 'Locale', 'READ_ONLY', { format: 'locale' }],
  ['timezone', 'Time zone', 'READ_ONLY', { format: 'timezone' }],
  ['userType', 'User type', 'READ_ONLY'],
  ['employeeNumber', 'Employee number', 'READ_ONLY'],
  ['costCenter', 'Cost center', 'READ_ONLY'],
  ['organization', 'Organization', 'READ_ONLY'],
  ['division', 'Division', 'READ_ONLY'],
  ['department', 'Department', 'READ_ONLY'],
  ['managerId', 'ManagerId', 'READ_ONLY'],
  ['manager', 'Manager', 'READ_ONLY'],
]

export const USER_PROPERTIES: Readonly<Record<string, Json>> = Object.fromEntries(
  USER.map(([name, title, permission, more = {}]) => [name, property(title, more, permission)]),
)

export const USER_REQUIRED = ['login', 'firstName', 'lastName', 'email']

export const GROUP_PROPERTIES: Readonly<Record<string, Json>> = {
  name: property('Name', { description: 'Name', required: true, maxLength: 255 }, 'READ_WRITE'),
  description: property('Description', { description: 'Description', maxLength: 1024 }, 'READ_WRITE'),
}
