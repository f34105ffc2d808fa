interface Stage {
  readonly value: 'EA' | 'BETA'
  readonly state?: 'OPEN' | 'CLOSED'
}

const EARLY: Stage = { value: 'EA' }

/** Self-service features of an org: name, description, stage. Their ids depend on the name alone. */
export const FEATURES: readonly (readonly [name: string, description: string, stage: Stage])[] = [
  ['Import Monitoring Dashboard', 'Monitor import jobs that run now or were started in the last 24 hours', EARLY],
  ['New Admin Dashboard', 'A dashboard of the admin console with what needs attention', EARLY],
  [
    'Android Device Trust',
    'Collect a deeper set of device posture signals for Device Assurance by leveraging native Android Device Trust capabilities.',
    EARLY,
  ],
  ['Grace period for device assurance', 'Give people time to fix a device before it is refused', EARLY],
  ['Passkey autofill', 'Offer passkeys where the username is typed', EARLY],
  [
    'Unified claims generation for Okta-protected SAML and OIDC custom app integrations',
    'One way to define claims for both protocols',
    EARLY,
  ],
]
