/** Builds what plans are made of, for tests: dossiers of secrets with their consumers, decisions, and the plans. */
import type { Exposure } from '../../src/model/exposure.js';
import { buildDossiers } from '../../src/rotation/build-dossier.js';
import type { Consumer, Dossier, Resource } from '../../src/rotation/dossier.js';
import type { Fact } from '../../src/rotation/fact.js';
import { type EstateOptions, estateOf, fingerprintOf } from './exposure-builder.js';

export function consumerOf(name: string, overrides: Partial<Consumer> = {}): Consumer {
  return {
    name,
    kind: 'service',
    environment: 'unknown',
    how: 'literal',
    reload: 'restart',
    runs: 'continuous',
    dependsOn: [],
    acceptsTwo: 'unknown',
    current: 'yes',
    rules: ['C6'],
    confidence: 'strong',
    evidence: [],
    ...overrides,
  };
}

export interface DossierOptions extends EstateOptions {
  readonly facts?: readonly Fact[];
  /** By name of the secret. */
  readonly consumers?: Readonly<Record<string, readonly Consumer[]>>;
  /** By name of the secret. */
  readonly resources?: Readonly<Record<string, readonly Resource[]>>;
}

function byFingerprint<T>(lists: Readonly<Record<string, T>> = {}): ReadonlyMap<string, T> {
  return new Map(Object.entries(lists).map(([name, list]) => [fingerprintOf(name), list]));
}

/** Dossiers of secrets made with `secretOf`, the most urgent first. */
export function dossiersOf(secrets: readonly Exposure[], options: DossierOptions = {}): readonly Dossier[] {
  const { facts = [], consumers, resources, ...rest } = options;
  return buildDossiers(estateOf(secrets, rest), facts, byFingerprint(consumers), byFingerprint(resources));
}
