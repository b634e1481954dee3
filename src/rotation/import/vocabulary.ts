/** Words that imported files use for things of which there are only so many. */

import type { ConsumerKind, CredentialClass, Privilege, Reload } from '../imports.js';
import { principalKinds as knownPrincipalKinds, type PrincipalKind } from '../principal-kinds.js';

export const partyTypes = ['person', 'team', 'vendor'] as const;
export const partyStatuses = ['active', 'left', 'unknown'] as const;
export const principalKinds: readonly (PrincipalKind | 'unknown')[] = [...knownPrincipalKinds, 'unknown'];
export const principalStatuses = ['active', 'dormant', 'retired', 'unknown'] as const;
export const privileges: readonly Privilege[] = ['admin', 'write', 'read', 'none', 'unknown'];
export const classes: readonly CredentialClass[] = ['static', 'renewable', 'ephemeral', 'unknown'];
export const consumerKinds: readonly ConsumerKind[] = [
  'service',
  'batch',
  'ci',
  'agent',
  'human-tool',
  'third-party',
  'shipped-client',
  'test',
  'build',
  'unknown',
];
export const reloads: readonly Reload[] = [
  'hot',
  'restart',
  'redeploy',
  'rebuild',
  'release',
  'manual',
  'unknown',
];
export const resourceKinds = [
  'database',
  'bucket',
  'queue',
  'api',
  'repository',
  'registry',
  'cluster',
  'mailbox',
  'payment',
  'model',
  'vault',
  'other',
] as const;
export const belongings = ['own', 'other-organisation'] as const;
export const audienceWords = ['public', 'external', 'internal', 'restricted', 'unknown'] as const;
export const livenessWords = ['live', 'dead', 'unknown'] as const;
export const gateResults = ['pass', 'fail'] as const;
/** Ways to run that are no schedule of five fields. */
export const runWords = ['continuous', 'scheduled', 'on-demand', 'unknown'] as const;
