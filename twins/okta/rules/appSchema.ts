import type { Recorder } from '../events.ts'
import type { App } from '../tables/applications.ts'
import type { ProfileSchema } from '../tables/directory.ts'
import type { Json } from '../tables/document.ts'

/** The claim set of an OpenID Connect app: name, title, and the claim's place when it is inside `address`. */
const CLAIMS: readonly (readonly [name: string, title: string, description?: string, externalName?: string])[] = [
  ['userName', 'Username', undefined, 'preferred_username'],
  ['name', 'Name', "End-User's full name in displayable form."],
  ['nickname', 'Nickname', 'Casual name of the End-User (may or may not be the same as the given_name)'],
  ['given_name', 'Given Name', 'Given name or first name of the End-User.'],
  ['middle_name', 'Middle Name', 'Middle name of the End-User.'],
  ['family_name', 'Family Name', 'Surname or last name of the End-User.'],
  ['email', 'Email', "End-User's preferred e-mail address."],
  ['profile', 'Profile URL', "URL of the End-User's profile page."],
  ['picture', 'Picture URL', "URL of the End-User's profile picture."],
  ['website', 'Website', "URL of the End-User's Web page or blog."],
  ['gender', 'Gender', "End-User's gender."],
  ['birthdate', 'Birthdate', "End-User's birthday, represented as an ISO 8601:2004 YYYY-MM-DD format."],
  ['zoneinfo', 'Time Zone', "String representing the End-User's time zone."],
  ['locale', 'Locale Name', "ISO3166\u20111 country code in uppercase, separated by a dash (e.g. 'en-US')"],
  ['phone_number', 'Phone Number', "End-User's preferred telephone number in E.164 format."],
  ['street_address', 'Street Address', 'Full street address component.', 'address.street_address'],
  ['locality', 'Locality', 'City or locality component.', 'address.locality'],
  ['region', 'Region', 'State, province, prefecture, or region component.', 'address.region'],
  ['postal_code', 'Postal Code', 'Zip code or postal code component.', 'address.postal_code'],
  ['country', 'Country', 'Country name component.', 'address.country'],
  ['formatted', 'Formatted', 'Full mailing address, formatted for display.', 'address.formatted'],
]

const OIDC: Readonly<Record<string, Json>> = Object.fromEntries(
  CLAIMS.map(([name, title, description, externalName]) => [
    name,
    {
      title,
      ...(description !== undefined && { description }),
      type: 'string',
      ...(name === 'userName' && { required: true }),
      ...(externalName !== undefined && { externalName }),
      scope: 'SELF',
    },
  ]),
)

const PLAIN: Readonly<Record<string, Json>> = {
  userName: {
    title: 'Username',
    type: 'string',
    required: true,
    scope: 'NONE',
    maxLength: 100,
  },
}

/** The user schema of an app: stored once it was changed, until then what its sign-on mode implies. */
export function appSchema({ tables }: Pick<Recorder, 'tables'>, app: App): ProfileSchema {
  const known = tables.schemas.get(app.id)
  if (known) return known
  return {
    id: app.id,
    kind: 'app',
    name: app.name,
    title: `${app.label} User`,
    created: app.created,
    lastUpdated: app.created,
    base: app.signOnMode === 'OPENID_CONNECT' ? OIDC : PLAIN,
    required: ['userName'],
    custom: {},
    customRequired: [],
  }
}
