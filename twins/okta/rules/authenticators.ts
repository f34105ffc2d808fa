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

interface Kind {
  readonly type: string
  /** What an authenticator is called that came without a name. */
  readonly name: string
  /** Shown from the start. */
  readonly settings?: Json
  /** Its server is an app instance of the org, of which its configuration names the id (recorded). */
  readonly hosted?: boolean
}

/** What each key stands for. */
export const KINDS: Readonly<Record<string, Kind>> = {
  okta_email: { type: 'email', name: 'Email' },
  okta_password: { type: 'password', name: 'Password' },
  security_question: { type: 'security_question', name: 'Security Question' },
  phone_number: { type: 'phone', name: 'Phone' },
  okta_verify: { type: 'app', name: 'Okta Verify' },
  webauthn: { type: 'security_key', name: 'Security Key or Biometric' },
  google_otp: { type: 'app', name: 'Google Authenticator', settings: {} },
  custom_app: { type: 'app', name: 'Custom Authenticator' },
  custom_otp: { type: 'security_key', name: 'Custom OTP' },
  duo: { type: 'app', name: 'Duo Security' },
  external_idp: { type: 'federated', name: 'IdP Authenticator' },
  onprem_mfa: { type: 'security_key', name: 'On-Prem MFA', hosted: true },
  rsa_token: { type: 'security_key', name: 'RSA SecurID', hosted: true },
  smart_card_idp: { type: 'federated', name: 'Smart Card Authenticator' },
  symantec_vip: { type: 'security_key', name: 'Symantec VIP' },
  yubikey_token: { type: 'security_key', name: 'YubiKey Authenticator' },
  tac: { type: 'tac', name: 'Temporary Access Code' },
}

/** Keys of which an org may have several. */
export const MANY = ['custom_app', 'external_idp', 'custom_otp', 'smart_card_idp']

/** Keys of which each, once active, may be enrolled by everybody: the default policy takes it up (recorded). */
export const TAKEN_UP = ['custom_app', 'custom_otp']
