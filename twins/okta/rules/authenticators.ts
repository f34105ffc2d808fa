import type { Json } from '../tables/document.ts'

interface Method {
  readonly type: string
  readonly status?: string
  readonly settings?: Json
}

/** The methods each kind of authenticator has. */
export const METHODS: Readonly<Record<string, readonly Method[]>> = {
  okta_email: [{ type: 'email' }],
  okta_password: [{ type: 'password' }],
  security_question: [{ type: 'security_question' }],
  phone_number: [{ type: 'sms' }, { type: 'voice', status: 'INACTIVE' }],
  okta_verify: [
    {
      type: 'totp',
      settings: { timeIntervalInSeconds: 30, encoding: 'Base32', algorithm: 'HMACSHA1', passCodeLength: 6 },
    },
    {
      type: 'push',
      status: 'INACTIVE',
      settings: { algorithms: ['ES256', 'RS256'], keyProtection: 'ANY', transactionTypes: ['LOGIN'] },
    },
    {
      type: 'signed_nonce',
      status: 'INACTIVE',
      settings: { algorithms: ['ES256', 'RS256'], keyProtection: 'ANY', showSignInWithOV: 'NEVER' },
    },
  ],
  webauthn: [{ type: 'webauthn', status: 'ACTIVE', settings: { userVerification: 'DISCOURAGED', attachment: 'ANY' } }],
  google_otp: [
    {
      type: 'otp',
      settings: { timeIntervalInSeconds: 30, encoding: 'base32', algorithm: 'HMacSHA1', passCodeLength: 6 },
    },
  ],
  custom_app: [{ type: 'push', settings: { algorithms: ['RS256'], keyProtection: 'ANY' } }],
  custom_otp: [{ type: 'otp' }],
  duo: [{ type: 'duo' }],
  external_idp: [{ type: 'idp' }],
  onprem_mfa: [{ type: 'otp' }],
  rsa_token: [{ type: 'otp' }],
  smart_card_idp: [{ type: 'idp' }],
  symantec_vip: [{ type: 'otp' }],
  yubikey_token: [{ type: 'otp' }],
  tac: [{ type: 'tac' }],
}

/** What kind of thing an authenticator of each key is. */
export const TYPES: Readonly<Record<string, string>> = {
  okta_email: 'email',
  okta_password: 'password',
  security_question: 'security_question',
  phone_number: 'phone',
  okta_verify: 'app',
  webauthn: 'security_key',
  google_otp: 'app',
  custom_app: 'app',
  custom_otp: 'security_key',
  duo: 'app',
  external_idp: 'federated',
  onprem_mfa: 'security_key',
  rsa_token: 'security_key',
  smart_card_idp: 'federated',
  symantec_vip: 'security_key',
  yubikey_token: 'security_key',
  tac: 'tac',
}

/** Keys of which an org may have several. */
export const MANY = ['custom_app', 'external_idp', 'custom_otp', 'smart_card_idp']

/** Keys of which each, once active, may be enrolled by everybody: the default policy takes it up (recorded). */
export const TAKEN_UP = ['custom_app', 'custom_otp']
