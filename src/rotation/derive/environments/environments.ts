/**
 * Environments in which a secret shows up. Rules that name different ones do not contradict each
 * other: one value in two environments is what must be seen.
 */
import type { Exposure, Location } from '../../../model/exposure.js';
import { factAttributes, secretSubject } from '../../attributes.js';
import type { Estate } from '../../estate.js';
import type { Fact, FactConfidence, FactEvidence } from '../../fact.js';
import { sortFacts } from '../../facts/choose.js';
import { codePointOrder, deepOrder } from '../../order.js';
import { attributeReader } from '../attribute-reader.js';
import { presenceOf } from '../copies.js';
import { pathOf } from '../slots.js';
import type { DeclaredTarget } from './declared-files.js';
import { fileTargetsReader } from './file-targets.js';
import { type PathMap, pathMap } from './path-map.js';
import { type EnvironmentVocabulary, environmentVocabulary, machineName } from './words.js';

type Rule = 'E1' | 'E2' | 'E3' | 'E4' | 'E5' | 'E6' | 'E7';

const confidences: Readonly<Record<Rule, FactConfidence>> = {
  E1: 'asserted',
  E2: 'strong',
  E3: 'strong',
  E4: 'probable',
  E5: 'probable',
  E6: 'weak',
  E7: 'weak',
};

/** Collects what was seen, one fact for each secret, environment and rule. */
class Collector {
  readonly #facts = new Map<string, { fact: Omit<Fact, 'evidence'>; evidence: Map<string, FactEvidence> }>();

  add(fingerprint: string, environment: string, rule: Rule, evidence: FactEvidence): void {
    const key = `${fingerprint} ${rule} ${environment}`;
    const known = this.#facts.get(key) ?? {
      fact: {
        subject: secretSubject(fingerprint),
        attribute: factAttributes.environment,
        value: environment,
        origin: rule === 'E1' ? ('inventory' as const) : ('derived' as const),
        rule,
        confidence: confidences[rule],
      },
      evidence: new Map<string, FactEvidence>(),
    };
    const { place, path = '', line = 0, note = '' } = evidence;
    known.evidence.set(`${place}\0${path}\0${line}\0${note}`, evidence);
    this.#facts.set(key, known);
  }

  facts(): Fact[] {
    const order = (a: FactEvidence, b: FactEvidence): number =>
      codePointOrder(a.place, b.place) ||
      codePointOrder(a.path ?? '', b.path ?? '') ||
      (a.line ?? 0) - (b.line ?? 0) ||
      deepOrder(a, b);
    return [...this.#facts.values()].map(({ fact, evidence }) => ({
      ...fact,
      evidence: [...evidence.values()].sort(order),
    }));
  }
}

interface Tools {
  readonly words: EnvironmentVocabulary;
  readonly paths: PathMap;
  readonly collector: Collector;
}

/** What points at a copy: copies without a path are known by their place. */
function copyEvidence(location: Location, note: string): FactEvidence {
  const path = pathOf(location);
  return {
    place: location.place,
    ...(path === undefined ? {} : { path, line: location.position.line }),
    note,
  };
}

/** Path segments, those of archive entries behind those of the archive. */
function segmentsOf(location: Location): string[] {
  const path = pathOf(location);
  return path === undefined ? [] : [path, ...location.chain].flatMap((part) => part.split('/'));
}

/** The deepest segment that names an environment; what stands above it is overruled. */
function pathEnvironments(
  segments: readonly string[],
  words: EnvironmentVocabulary,
): { readonly segment: string; readonly environments: readonly string[] } | undefined {
  for (let at = segments.length - 1; at >= 0; at--) {
    const segment = segments[at] ?? '';
    // `usr/local` says nothing; the folder above tells.
    const text = segments[at - 1] === 'usr' ? `usr/${segment}` : segment;
    const environments = words.namedIn(text);
    if (environments.length > 0) return { segment, environments };
  }
  return undefined;
}

const testing =
  /(?:^|\/)(?:tests?|__tests__|specs?|fixtures?|__fixtures__|mocks?|__mocks__|testdata|docs?|examples?|samples?)\/|(?:^|\/)[^/]+[._-](?:test|spec)\.[^/]+$|(?:^|\/)README(?:\.[^/]*)?$/i;

/** `prod`, `deploy/prod`, `release/staging`; a feature's name may be about anything. */
const targetBranch = /^refs\/(?:heads|remotes\/[^/]+)\/(?:(?:deploy|env|environments?|releases?)\/)?([^/]+)$/;
const mainBranch = /\/(?:main|master|trunk|default)$/;

function branchEnvironments(location: Location, words: EnvironmentVocabulary): [string, string][] {
  const { appearance } = location;
  if (appearance.type !== 'git-blob' && appearance.type !== 'git-text') return [];
  // What stands in the main branch as well is not of this one; of many refs only some are listed.
  if (appearance.refCount > appearance.refs.length) return [];
  if (appearance.refs.some((ref) => mainBranch.test(ref))) return [];
  const found = appearance.refs.flatMap((ref) => {
    const branch = targetBranch.exec(ref)?.[1];
    // `add-prod-alerts` is about something; `prod` and `deploy-prod` are what is deployed.
    if (branch === undefined || branch.split(/[-_.]/).length > 2) return [];
    return words.namedIn(branch).map((name): [string, string] => [name, branch]);
  });
  // A file that every branch inherits is of none of them.
  return new Set(found.map(([name]) => name)).size > 1 ? [] : found;
}

const modes: Readonly<Record<string, string>> = { live: 'prod', prod: 'prod', test: 'test', sandbox: 'test' };

/** What the credential itself says, which holds for all of its copies. */
function credentialFacts(exposure: Exposure, { words, collector }: Tools): void {
  const attributes = attributeReader(exposure);
  const add = (environment: string, rule: Rule, note: string): void => {
    for (const location of exposure.locations) {
      collector.add(exposure.fingerprint, environment, rule, copyEvidence(location, note));
    }
  };
  for (const mode of attributes.all('mode')) {
    const environment = modes[mode];
    if (environment !== undefined) add(environment, 'E2', `mode ${mode} of the credential`);
  }
  for (const host of attributes.all('host')) {
    for (const environment of words.namedIn(machineName(host))) add(environment, 'E5', 'name of the host');
  }
}

/** What the copy's own path, name and branch say. */
function copyFacts({ fingerprint }: Exposure, location: Location, isDeclared: boolean, tools: Tools): void {
  const { words, paths, collector } = tools;
  const add = (environment: string, rule: Rule, note: string): void =>
    collector.add(fingerprint, environment, rule, copyEvidence(location, note));
  const path = pathOf(location);
  const mapped = path === undefined ? [] : paths.environmentsOf(location.place, location.placeName, path);
  for (const { name, pattern } of mapped) add(name, 'E1', `path map ${pattern}`);
  const byPath = pathEnvironments(segmentsOf(location), words);
  for (const name of byPath?.environments ?? []) add(name, 'E4', `path segment ${byPath?.segment ?? ''}`);
  const bySlot = location.slot === undefined ? [] : words.namedIn(location.slot);
  for (const name of bySlot) add(name, 'E5', 'name of the key');
  for (const [name, branch] of branchEnvironments(location, words)) add(name, 'E6', `branch ${branch}`);
  const isOpen = mapped.length === 0 && byPath === undefined && bySlot.length === 0 && !isDeclared;
  if (isOpen && path !== undefined && testing.test(path)) add('test', 'E7', 'test, example or document');
}

interface FileCopies {
  readonly place: string;
  readonly path: string;
  readonly copies: { readonly exposure: Exposure; readonly location: Location }[];
}

/** Copies by file, so that a file with many secrets is read once. */
function copiesByFile(exposures: readonly Exposure[]): FileCopies[] {
  const files = new Map<string, FileCopies>();
  for (const exposure of exposures) {
    for (const location of exposure.locations) {
      const path = pathOf(location) ?? '';
      const key = `${location.place}\0${path}`;
      const known = files.get(key) ?? { place: location.place, path, copies: [] };
      known.copies.push({ exposure, location });
      files.set(key, known);
    }
  }
  return [...files].sort(([a], [b]) => codePointOrder(a, b)).map(([, file]) => file);
}

/** The line of a copy in the file as it is now. */
function currentLine(location: Location): number | undefined {
  const isHere = presenceOf(location) === 'head' || location.appearance.type === 'file';
  return isHere && location.chain.length === 0 ? location.position.line : undefined;
}

/** What the files declare for a copy. @returns true when some target is an environment */
function declaredFacts(
  { fingerprint }: Exposure,
  location: Location,
  targets: readonly DeclaredTarget[],
  { words, collector }: Tools,
): boolean {
  let isDeclared = false;
  for (const { name, by, line, path = pathOf(location) ?? '' } of targets) {
    const note = `${by} ${name}`;
    for (const environment of words.namedIn(name)) {
      isDeclared = true;
      collector.add(fingerprint, environment, 'E3', copyEvidence(location, note));
      if (line === undefined) continue;
      collector.add(fingerprint, environment, 'E3', { place: location.place, path, line, note });
    }
  }
  return isDeclared;
}

/**
 * Reader of the environments of secrets, one fact for each rule that names one; the evidence says which copies show it.
 */
export function environmentsReader(
  estate: Estate,
): (exposures: readonly Exposure[]) => Promise<readonly Fact[]> {
  const { environments } = estate.imports;
  const shared = { words: environmentVocabulary(environments), paths: pathMap(environments) };
  const readers = new Map<string, ReturnType<typeof fileTargetsReader>>();
  return async (exposures) => {
    const tools: Tools = { ...shared, collector: new Collector() };
    for (const exposure of exposures) credentialFacts(exposure, tools);
    for (const { place, path, copies } of copiesByFile(exposures)) {
      const read = readers.get(place) ?? fileTargetsReader(estate.files.get(place));
      readers.set(place, read);
      const isThere = copies.some(({ location }) => currentLine(location) !== undefined);
      const targets = path === '' ? undefined : await read(path, isThere);
      for (const { exposure, location } of copies) {
        const declared = targets?.at(currentLine(location)) ?? [];
        const isDeclared = declaredFacts(exposure, location, declared, tools);
        copyFacts(exposure, location, isDeclared, tools);
      }
    }
    return tools.collector.facts();
  };
}

/** Those of all secrets, sorted. */
export async function environmentsOf(estate: Estate): Promise<readonly Fact[]> {
  return sortFacts([...(await environmentsReader(estate)(estate.exposures))]);
}
