/** What sort of thing a secret lets somebody be. */
export const principalKinds = [
  'service-account',
  'oauth-client',
  'api-client',
  'ci',
  'bot',
  'agent',
  'device',
  'certificate-subject',
  'signing-key',
  'database-user',
  'third-party-integration',
  'personal',
] as const;
export type PrincipalKind = (typeof principalKinds)[number];
