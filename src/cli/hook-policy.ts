/**
 * What the user's own checkout allows, as the hook applies it: configuration, baseline and the ignore lists of
 * other scanners. Every parser is loaded only for a file that is there.
 */
import { join } from 'node:path';
import type { OnValue } from '../detect/build-finding.js';
import type { Finding } from '../model/finding.js';
import type { Fingerprint } from '../model/ids.js';
import { compileGlob } from '../sources/files/glob.js';
import type { RuleFiles } from '../suppress/rule-files.js';
import { type CheckoutFiles, configName, readCheckoutFiles, textOf } from './checkout-files.js';

type Allows = (finding: Finding, path: string) => boolean;

export interface AuthorPolicy {
  readonly isAllowed: Allows;
  /** What the checkout says of rules. */
  readonly rules?: RuleFiles;
  /** Set when a decision needs values: they are kept until the hook ends, in this process only. */
  readonly onValue?: OnValue;
}

/** Values by fingerprint, while the hook runs. */
type Values = ReadonlyMap<Fingerprint, Buffer>;

/** What the checkout allows. Throws `config-invalid`: a broken file must not read as "nothing allowed". */
export async function authorPolicy(cwd: string, now: string): Promise<AuthorPolicy> {
  const { root, config, rules } = await readCheckoutFiles(cwd);
  const values = new Map<Fingerprint, Buffer>();
  const tests = [
    ...configTests(config, now, values),
    ...(await baselineTests(root, values)),
    ...(await foreignTests(root)),
    ...(await listTests(rules)),
  ];
  const needsValues = tests.some(({ byValue }) => byValue);
  return {
    isAllowed: (finding, path) => tests.some(({ allows }) => allows(finding, path)),
    ...(rules === undefined ? {} : { rules }),
    ...(needsValues ? { onValue: (fingerprint, value) => values.set(fingerprint, Buffer.from(value)) } : {}),
  };
}

interface Test {
  readonly allows: Allows;
  readonly byValue: boolean;
}

const plain = (allows: Allows): Test => ({ allows, byValue: false });

function configTests(own: CheckoutFiles['config'], now: string, values: Values): readonly Test[] {
  if (own === undefined) return [];
  const entries = own.config.allow.filter(
    ({ until }) => until === undefined || Date.parse(until) >= Date.parse(now),
  );
  const tests = entries.map(({ subject, target }): Test => {
    switch (subject) {
      case 'secret':
        return plain(({ fingerprint }) => fingerprint.startsWith(target));
      case 'rule':
        return plain(({ rule }) => rule === target);
      case 'path': {
        const glob = compileGlob(target);
        return plain((_, path) => glob.matches(path));
      }
      default: {
        const never: never = subject;
        return never;
      }
    }
  });
  const named = new Set(entries.filter(({ subject }) => subject === 'secret').map(({ target }) => target));
  if (named.size === 0) return tests;
  // `secret: "9f3a…"` looks like a secret itself.
  const isNamed: Allows = ({ fingerprint }, path) =>
    path === configName && named.has(values.get(fingerprint)?.toString('utf8') ?? '');
  return [...tests, { allows: isNamed, byValue: true }];
}

async function baselineTests(root: string, values: Values): Promise<readonly Test[]> {
  const name = '.sprawl/baseline.json';
  const text = textOf(root, name);
  if (text === undefined) return [];
  const { committedHash, parseBaseline, weakEntryKey } = await import('../suppress/baseline.js');
  const { salt, scrypt, entries } = parseBaseline(text, join(root, name));
  const strong = entries.filter((entry) => entry.type === 'strong');
  const hashes = new Set(strong.map(({ hash }) => hash));
  const kinds = new Set(strong.map(({ kind }) => kind));
  // The file is the repository's own, so the place goes without saying.
  const weak = new Set(
    entries.filter((entry) => entry.type === 'weak').map((entry) => weakEntryKey({ ...entry, place: '' })),
  );
  const isKnown: Allows = ({ kind, fingerprint, weak: isWeak, slot = '', chain }, path) => {
    if (isWeak) return weak.has(weakEntryKey({ kind, place: '', path: [path, ...chain].join('!/'), slot }));
    const value = kinds.has(kind) ? values.get(fingerprint) : undefined;
    return value !== undefined && hashes.has(committedHash(salt, scrypt, value));
  };
  return [{ allows: isKnown, byValue: true }];
}

async function foreignTests(root: string): Promise<readonly Test[]> {
  const tests: Test[] = [];
  const ignore = textOf(root, '.gitleaksignore');
  const secrets = textOf(root, '.secrets.baseline');
  if (ignore !== undefined || secrets !== undefined) {
    const { ForeignAllowList } = await import('../suppress/foreign-allow.js');
    const { parseGitleaksIgnore } = await import('../suppress/gitleaks-ignore.js');
    const { parseSecretsBaseline } = await import('../suppress/secrets-baseline.js');
    const list = new ForeignAllowList([
      ...(ignore === undefined ? [] : parseGitleaksIgnore(ignore).entries),
      ...(secrets === undefined ? [] : parseSecretsBaseline(secrets).entries),
    ]);
    tests.push(plain(({ position }, path) => list.find({ path, line: position.line }) !== undefined));
  }
  return tests;
}

/** The allow lists of a configuration in gitleaks' format. */
async function listTests(rules: RuleFiles | undefined): Promise<readonly Test[]> {
  const lists = rules?.user.lists ?? [];
  if (lists.length === 0) return [];
  const { gitleaksPlaces } = await import('../suppress/gitleaks-places.js');
  const places = gitleaksPlaces(lists, true);
  return [plain(({ rule, reasons }, path) => places.covers({ rule, reasons, path }))];
}
