/**
 * Turns what the files of a place say into entries of the store: allow entries as they are, ignore lists and
 * baselines after matching them with the findings. An entry about a line covers the secret in the whole
 * file, since the line moves with every commit while the decision does not.
 */
import { fingerprintOf } from '../identity/fingerprint.js';
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import type { Exposure, Location } from '../model/exposure.js';
import type { Fingerprint, PlaceKey } from '../model/ids.js';
import type { PlaceAllow, PlaceAllowStatus, ScanWriter } from '../store/store.js';
import { committedHash, weakEntryKey } from '../suppress/baseline.js';
import { ForeignAllowList } from '../suppress/foreign-allow.js';
import { type AuthorFiles, configName } from './author-files.js';
import type { LocateDeps } from './locate.js';
import { rereadValue } from './reveal.js';

export interface SuppressionDeps extends LocateDeps {
  readonly writer: ScanWriter;
  readonly redact: (text: string) => string;
}

/** Copies of one value that are read again before its source counts as gone. */
const maxTries = 8;

/** Whether a finding is covered, and by which file; undefined when it is not. */
type Decide = (
  exposure: Exposure,
  location: Location,
) => { by: string; status: PlaceAllowStatus } | undefined;

/** Replaces what the store knows from the files of a place. Gives lines for people about what was left out. */
export async function applyAuthorFiles(
  place: PlaceKey,
  files: readonly AuthorFiles[],
  deps: SuppressionDeps,
): Promise<readonly string[]> {
  const notes: string[] = files.flatMap((author) => author.notes);
  const entries = files.flatMap((author) => [
    ...configEntries(author),
    ...ownFingerprints(author, deps.keys),
  ]);
  if (files.some(({ trusted }) => trusted)) entries.push({ status: 'allowed', marked: true, by: '' });
  for (const author of files) {
    const decide = await decisionOf(author, notes);
    // Of many copies, more than a call takes arguments.
    if (decide !== undefined) for (const entry of await matched(place, decide, deps)) entries.push(entry);
    if (author.baseline !== undefined)
      for (const entry of await baselined(place, author.baseline, deps)) entries.push(entry);
  }
  const unique = new Map(entries.map((entry) => [JSON.stringify(entry), entry]));
  const redacted = [...unique.values()].map((entry) => ({
    ...entry,
    by: deps.redact(entry.by),
    ...(entry.glob === undefined ? {} : { glob: deps.redact(entry.glob) }),
  }));
  await deps.writer.replacePlaceAllows(place, redacted);
  return notes.map((note) => deps.redact(note));
}

function configEntries({ config }: AuthorFiles): PlaceAllow[] {
  if (config === undefined) return [];
  const status: PlaceAllowStatus = config.trusted ? 'allowed' : 'author-suppressed';
  return config.config.allow.map(({ subject, target, reason, line, until }) => ({
    status,
    by: `${config.name} line ${line}: ${reason}`,
    ...(subject === 'path' ? { glob: target } : { [subject]: target }),
    ...(until === undefined ? {} : { until }),
  }));
}

/**
 * The fingerprints that a configuration names look like secrets themselves (`secret: "9f3a…"`). They are told
 * by their text, and only in that file; an author that nobody trusts can at most hide a text in plain sight.
 */
function ownFingerprints({ config }: AuthorFiles, keys: IdentityKeys): PlaceAllow[] {
  if (config === undefined || config.name !== configName) return [];
  const named = config.config.allow.filter(({ subject }) => subject === 'secret');
  return named.map(({ target, line }) => ({
    status: config.trusted ? 'allowed' : 'author-suppressed',
    secret: fingerprintOf(keys.fingerprint, Buffer.from(target)),
    path: { text: configName },
    by: `${configName} line ${line}: a fingerprint`,
  }));
}

/** What the lists of other scanners say of a location. */
async function decisionOf(author: AuthorFiles, notes: string[]): Promise<Decide | undefined> {
  const known = author.rules?.user.lists ?? [];
  if (author.foreign.length + author.gitleaks.length + known.length === 0) return undefined;
  const status: PlaceAllowStatus = author.trusted ? 'allowed' : 'author-suppressed';
  const list = new ForeignAllowList(author.foreign);
  // Loads a pattern engine, which few scans need.
  const { gitleaksPlaces } = await import('../suppress/gitleaks-places.js');
  const trusted = gitleaksPlaces(known, true);
  const gitleaks = gitleaksPlaces(author.gitleaks, false);
  if (gitleaks.faulty > 0) notes.push(`.gitleaks.toml: ${gitleaks.faulty} path pattern(s) not understood`);
  if (gitleaks.unused > 0) {
    notes.push(
      `.gitleaks.toml: ${gitleaks.unused} allow list(s) about values or single rules not applied, since the file is not trusted (--trust-repo-config)`,
    );
  }
  return (_, { appearance, position, rule, reasons }) => {
    if (appearance.type === 'record') return undefined;
    const path = appearance.type === 'git-text' ? '' : (appearance.path?.text ?? '');
    const commit =
      appearance.type === 'git-blob'
        ? appearance.introduced?.id
        : appearance.type === 'git-text'
          ? appearance.commit?.id
          : undefined;
    const found = list.find({ path, line: position.line, ...(commit === undefined ? {} : { commit }) });
    if (found !== undefined) return { by: found.format, status };
    const listed = { rule, reasons, path, ...(commit === undefined ? {} : { commit }) };
    if (trusted.covers(listed)) return { by: 'allow list of the configuration', status: 'allowed' };
    return gitleaks.covers(listed) ? { by: '.gitleaks.toml', status } : undefined;
  };
}

async function matched(place: PlaceKey, decide: Decide, { store }: SuppressionDeps): Promise<PlaceAllow[]> {
  const entries: PlaceAllow[] = [];
  for await (const exposure of store.exposures({ places: [place] })) {
    for (const location of exposure.locations) {
      const decided = location.place === place ? decide(exposure, location) : undefined;
      if (decided === undefined) continue;
      entries.push({ ...decided, secret: exposure.fingerprint, ...pathOf(location) });
    }
  }
  return entries;
}

function pathOf({ appearance }: Location): Pick<PlaceAllow, 'path'> {
  const isNamed = appearance.type === 'git-blob' || appearance.type === 'file';
  return isNamed && appearance.path !== undefined ? { path: appearance.path } : {};
}

/**
 * Matches a baseline. Strong values are read again and hashed, some 0.1 s for each secret of a kind that the
 * baseline names: the price of a file that confirms no guess.
 */
async function baselined(
  place: PlaceKey,
  { name, baseline, trusted }: NonNullable<AuthorFiles['baseline']>,
  deps: SuppressionDeps,
): Promise<PlaceAllow[]> {
  const status: PlaceAllowStatus = trusted ? 'baselined' : 'author-suppressed';
  const strong = baseline.entries.filter((entry) => entry.type === 'strong');
  const hashes = new Set(strong.map(({ hash }) => hash));
  const kinds = new Set(strong.map(({ kind }) => kind));
  const weak = new Set(baseline.entries.filter((entry) => entry.type === 'weak').map(weakEntryKey));
  const entries: PlaceAllow[] = [];
  for await (const exposure of deps.store.exposures({ places: [place] })) {
    const own = exposure.locations.filter((location) => location.place === place);
    if (exposure.weak) {
      for (const location of own.filter((copy) => weak.has(weakEntryKey(weakFactsOf(copy)))))
        entries.push({ status, by: name, secret: exposure.fingerprint, ...pathOf(location) });
    } else if (exposure.labels.some(({ kind }) => kinds.has(kind))) {
      for (const value of await valuesOf(own, deps)) {
        if (hashes.has(committedHash(baseline.salt, baseline.scrypt, value)))
          entries.push({ status, by: name, secret: exposure.fingerprint });
      }
    }
  }
  return entries;
}

/** The distinct literal values of a secret's copies: spellings that aliases join have one hash each. */
export async function valuesOf(locations: readonly Location[], deps: LocateDeps): Promise<Buffer[]> {
  const found = new Map<Fingerprint, Buffer>();
  const tries = new Map<Fingerprint, number>();
  for (const location of locations) {
    const { fingerprint } = location;
    const tried = tries.get(fingerprint) ?? 0;
    if (found.has(fingerprint) || tried >= maxTries) continue;
    tries.set(fingerprint, tried + 1);
    const value = await rereadValue(location, deps);
    if (value !== undefined) found.set(fingerprint, value);
  }
  return [...found.values()];
}

/** What a weak finding is told by in a baseline. */
export function weakFactsOf(location: Location): {
  readonly kind: string;
  readonly place: string;
  readonly path: string;
  readonly slot: string;
} {
  const path = pathOf(location).path?.text ?? '';
  return {
    kind: location.kind,
    // A folder's key is its path on one machine.
    place: location.system === 'git' ? location.place : '',
    path: [path, ...location.chain].join('!/'),
    slot: location.slot ?? '',
  };
}
