import { ServiceError } from '../../shared/kernel/dialect.ts'
import type { Reply } from '../../shared/kernel/reply.ts'

/** Okta's error codes as the twin uses them: status and summary. `{0}` is filled from the arguments of {@link fail}. */
export const CATALOGUE = {
  E0000001: [400, 'Api validation failed: {0}'],
  E0000002: [400, 'The request was not valid: {0}'],
  E0000003: [400, 'The request body was not well-formed.'],
  E0000004: [401, 'Authentication failed'],
  E0000005: [403, 'Invalid session'],
  E0000006: [403, 'You do not have permission to perform the requested action'],
  E0000007: [404, 'Not found: {0}'],
  E0000008: [404, 'The requested path was not found'],
  E0000009: [500, 'Internal Server Error'],
  E0000010: [503, 'Service is in read only mode'],
  E0000011: [401, 'Invalid token provided'],
  E0000014: [403, 'Update of credentials failed'],
  E0000015: [401, 'You do not have permission to access the feature you are requesting'],
  E0000016: [403, 'Activation failed because the user is already active'],
  E0000017: [403, 'Password reset failed'],
  E0000018: [400, 'Bad request.  Accept and/or Content-Type headers are likely not set.'],
  E0000019: [400, 'Bad request.  Accept and/or Content-Type headers likely do not match supported values.'],
  E0000020: [400, 'Bad request.'],
  E0000021: [400, 'Bad request.  Accept and/or Content-Type headers likely do not match supported values.'],
  E0000022: [405, 'The endpoint does not support the provided HTTP method'],
  E0000023: [403, 'Operation failed because user profile is mastered under another system'],
  E0000024: [400, 'Bad request. This operation on app metadata is not yet supported.'],
  E0000025: [400, 'App version assignment failed.'],
  E0000026: [404, 'This endpoint has been deprecated.'],
  E0000027: [400, 'Group push bad request : {0}'],
  E0000028: [400, 'The request is missing a required parameter.'],
  E0000029: [400, 'Invalid paging request.'],
  E0000030: [
    400,
    "Bad request. Invalid date. Dates must be of the form yyyy-MM-dd'T'HH:mm:ss.SSSZZ, e.g. 2013-01-01T12:00:00.000-07:00.",
  ],
  E0000031: [400, 'Invalid search criteria.'],
  E0000032: [403, 'Unlock is not allowed for this user.'],
  E0000033: [400, "Bad request. Can't specify a search query and filter in the same request."],
  E0000034: [403, 'Forgot password not allowed on specified user.'],
  E0000035: [403, 'Change password not allowed on specified user.'],
  E0000036: [403, 'Change recovery question not allowed on specified user.'],
  E0000037: [400, 'Type mismatch exception.  {0}'],
  E0000038: [403, "This operation is not allowed in the user's current status."],
  E0000039: [403, 'Operation on application settings failed.'],
  E0000040: [400, 'Application label must not be the same as an existing application label.'],
  E0000041: [400, 'Credentials should not be set on this resource based on the scheme.'],
  E0000045: [400, 'Field mapping bad request.'],
  E0000046: [403, 'Deactivate application for user forbidden.'],
  E0000047: [429, 'API call exceeded rate limit due to too many requests.'],
  E0000053: [400, 'Invalid SCIM filter.'],
  E0000054: [400, 'Invalid pagination properties.'],
  E0000056: [403, 'Delete application forbidden.'],
  E0000060: [501, 'Unsupported operation.'],
  E0000062: [409, 'The specified user is already assigned to the application.'],
  E0000063: [400, 'Invalid combination of parameters specified.'],
  E0000064: [401, 'Password is expired and must be changed.'],
  E0000067: [504, 'Factors Service Error.'],
  E0000068: [403, 'Invalid Passcode/Answer'],
  E0000069: [403, 'User Locked'],
  E0000070: [202, 'Waiting for ACK'],
  E0000073: [403, 'User rejected authentication'],
  E0000074: [400, 'Factor Service Error'],
  E0000075: [403, 'Cannot modify the {0} attribute because it has a field mapping and profile push is enabled.'],
  E0000077: [403, 'Cannot modify the {0} attribute because it is read-only.'],
  E0000078: [403, 'Cannot modify the {0} attribute because it is immutable.'],
  E0000079: [403, 'This operation is not allowed in the current authentication state.'],
  E0000080: [403, 'The password does not meet the complexity requirements of the current password policy.'],
  E0000081: [403, 'Cannot modify the {0} attribute because it is a reserved attribute for this application.'],
  E0000082: [403, 'Each code can only be used once. Please wait for a new code and try again.'],
  E0000083: [403, 'PassCode is valid but exceeded time window.'],
  E0000085: [403, 'You do not have permission to access your account at this time.'],
  E0000086: [403, 'This policy cannot be activated at this time.'],
  E0000087: [403, 'The recovery question answer did not match our records.'],
  E0000090: [409, 'The role specified is already assigned to the user.'],
  E0000091: [400, 'The provided role type was not the same as required role type.'],
  E0000093: [400, 'Target count limit exceeded'],
  E0000094: [400, 'The provided filter is unsupported.'],
  E0000095: [403, 'Recovery not allowed for unknown user.'],
  E0000096: [409, 'This certificate has already been uploaded with kid={0}.'],
  E0000097: [403, 'There is no verified phone number on file.'],
  E0000098: [400, 'This phone number is invalid.'],
  E0000100: [503, 'Unable to perform search query.'],
  E0000105: [403, 'You have accessed an account recovery link that has expired or been previously used.'],
  E0000107: [403, 'The entity is not in the expected state for the requested transition.'],
  E0000109: [429, 'An SMS message was recently sent. Please wait 30 seconds before trying again.'],
  E0000110: [403, 'You have accessed a link that has expired or has been previously used.'],
  E0000112: [409, 'Cannot update this user because they are still being activated. Please try again in a few minutes.'],
  E0000117: [403, 'Cannot assign apps or update app profiles for an inactive user.'],
  E0000118: [429, 'An email was recently sent. Please wait 5 seconds before trying again.'],
  E0000119: [403, 'Your account is locked. Please contact your administrator.'],
  E0000120: [400, 'The custom domain requested is already in use by another organization.'],
  E0000122: [406, "Accept Header did not contain supported media type 'application/json'"],
  E0000123: [400, 'Array specified in enum field must match const values specified in oneOf field.'],
  E0000124: [
    400,
    'Could not create user. To create a user and expire their password immediately, a password must be specified',
  ],
  E0000125: [
    400,
    'Could not create user. To create a user and expire their password immediately, "activate" must be true',
  ],
  E0000127: [409, 'Invalid linked objection definition. {0}'],
  E0000131: [400, '{0}'],
  E0000133: [429, 'A phone call was recently made. Please wait 30 seconds before trying again.'],
  E0000134: [502, 'Okta could not communicate correctly with an inline hook.'],
  E0000135: [400, 'An inline hook responded with an error.'],
  E0000137: [504, 'Okta did not receive a response from an inline hook.'],
  E0000141: [400, 'Feature cannot be enabled or disabled due to dependencies/dependents conflicts.'],
  E0000142: [403, 'This User Type cannot be deleted.'],
  E0000143: [403, 'App instance operation not allowed.'],
  E0000148: [403, 'Cannot modify/disable this authenticator because it is enabled in one or more policies. {0}'],
  E0000152: [403, 'Illegal device status, cannot perform action.'],
  E0000157: [409, 'Another authenticator with key: {0} is already active.'],
  E0000161: [403, 'Unique domain name required.'],
  E0000162: [403, 'Domain count limit reached.'],
  E0000163: [404, 'Domain ID not found.'],
  E0000165: [403, 'Domain not verified.'],
  E0000166: [
    403,
    'CAPTCHA count limit reached. At most one CAPTCHA instance is allowed per Org. Please remove existing CAPTCHA to create a new one.',
  ],
  E0000168: [
    403,
    'CAPTCHA cannot be removed. This CAPTCHA is associated with org-wide CAPTCHA settings, please unassociate it before removing it.',
  ],
  E0000169: [409, 'Object status conflicts with requested operation.'],
  E0000170: [409, '{0}'],
  E0000174: [409, 'When the review(s) is/are already reassigned to intended reviewer.'],
  E0000178: [400, 'This realm cannot be deleted. {0}'],
  E0000182: [409, 'A default email template customization already exists.'],
  E0000183: [409, 'An email template customization for that language already exists.'],
  E0000184: [409, "A default email template customization can't be deleted."],
  E0000185: [409, "The isDefault parameter of the default email template customization can't be set to false."],
  E0000187: [409, 'Cannot delete push provider because it is being used by a custom app authenticator.'],
  E0000192: [400, 'Roles cannot be granted to groups with group membership rules. {0}'],
  E0000193: [400, 'Roles can only be granted to groups with 5000 or less users. {0}'],
  E0000194: [400, 'Roles can only be granted to Okta groups, AD groups and LDAP groups. {0}'],
  E0000195: [409, 'Api validation failed due to conflict: {0}'],
  E0000197: [409, 'Unique email domain name required.'],
  E0000198: [404, 'Email domain not found.'],
  E0000200: [409, 'A default brand cannot be deleted.'],
  E0000201: [409, 'A brand associated with a custom domain or email doamin cannot be deleted.'],
  E0000202: [409, 'Brand name already exists.'],
  E0000203: [409, 'Failed to associate this domain with the given brandId.'],
  E0000207: [401, 'The username and/or the password you entered is incorrect. Please try again.'],
  E0000211: [400, 'Roles cannot be granted to built-in groups: {0}'],
  E0000213: [403, 'Cannot update page content for the default brand.'],
  E0000217: [400, 'Invalid status. Cannot validate email domain in current status.'],
  E0000220: [403, 'Brand count limit reached.'],
  E0000222: [400, 'You can enable only one SMTP server at a time. Another SMTP server is already enabled.'],
  E0000226: [400, 'You must have an active telephony inline hook to activate and use the Phone authenticator.'],
  E0000227: [400, 'Roles can only be granted to service application type'],
  E0000230: [409, 'Another authenticator is already associated with idpId: {0}.'],
  E0000231: [412, "ETag value doesn't match."],
  E0000236: [400, "The language doesn't conform to the BCP 47 standard for locales."],
  E0000239: [423, 'Policy priorities are being reconciled. Please try again later.'],
  E0000242: [400, 'ETag syntax is invalid.'],
  E0000243: [400, 'Bad request.'],
  E0000244: [409, 'There are conflicting default customizations for this template.'],
  E0000249: [409, 'Group rules are still being set up.  Please try again later.'],
  E0000258: [404, 'The specified path is not supported. Valid values: [{0}].'],
  E0000263: [409, 'Attempted to assign a duplicate standard role assignment to an admin'],
} as const satisfies Record<string, readonly [status: number, summary: string]>

export type ErrorCode = keyof typeof CATALOGUE

/** Okta's error body. `errorId` is filled in when the reply is rendered, see `dialect.ts`. */
export interface ErrorBody {
  readonly errorCode: string
  readonly errorSummary: string
  readonly errorLink: string
  readonly errorId: string
  readonly errorCauses: readonly object[]
}

export function errorReply(
  code: ErrorCode,
  argument = '',
  causes: readonly (string | object)[] = [],
  status?: number,
): Reply {
  const [usual, summary] = CATALOGUE[code]
  const body: ErrorBody = {
    errorCode: code,
    errorSummary: summary.replace('{0}', argument),
    errorLink: code,
    errorId: '',
    errorCauses: causes.map((cause) => (typeof cause === 'string' ? { errorSummary: cause } : cause)),
  }
  return { status: status ?? usual, body }
}

/**
 * Refuses a call.
 *
 * @param argument fills the summary's blank
 * @param causes one `errorSummary` each, or whole cause objects
 * @example fail('E0000056', '', ['The application must be deactivated before deletion.'])
 */
export function fail(code: ErrorCode, argument = '', causes: readonly (string | object)[] = []): never {
  throw new ServiceError(errorReply(code, argument, causes), `${code} ${argument}`)
}

/**
 * 404 in Okta's wording, which names a class of its own code: `Not found: Resource not found: 00u1 (User)`.
 *
 * @example tables.groups.get(id) ?? notFound(id, 'UserGroup')
 */
export function notFound(id: string, kind: string): never {
  return fail('E0000007', `Resource not found: ${id} (${kind})`)
}

/**
 * 400 `Api validation failed: object`, with one cause per complaint.
 *
 * @example invalid('name', ['name: The field cannot be left blank'])
 */
export function invalid(object: string, causes: readonly (string | object)[] = []): never {
  return fail('E0000001', object, causes)
}

/** The complaint about a required field that is absent or empty. */
export const blank = (field: string): string => `${field}: The field cannot be left blank`

/** The complaint about a value that another object has. */
export const taken = (field: string): string =>
  `${field}: An object with this field already exists in the current organization`

/** Refuses a body in which any of the fields is absent or empty; the summary names the first. */
export function requireFields(body: object | undefined, fields: readonly string[]): void {
  const missing = fields.filter((field) => {
    const value = (body as Record<string, unknown> | undefined)?.[field]
    return value === undefined || value === null || value === ''
  })
  if (missing[0] !== undefined) invalid(missing[0], missing.map(blank))
}
