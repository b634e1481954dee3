/**
 * Checks every string that will be stored or printed (paths, refs, names, URLs): secrets in it are replaced
 * by `‹secret fp›` and reported, since a branch name is a place like any other.
 */
import type { Analyzer } from '../detect/analysis.js';
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import { type SipKey, sipKeyOf } from '../identity/siphash.js';
import { type AnchorTable, copiesIn, visitStrongRuns } from '../identity/sweep.js';
import type { Finding } from '../model/finding.js';
import { shownFingerprintLength } from '../model/ids.js';

/** Strings shorter than this hold no secret that could be told from a word. */
const minBytes = 8;

const markStart = Buffer.from('‹secret ');
const markClose = Buffer.from('›');
const markBytes = markStart.length + shownFingerprintLength + markClose.length;
/** A whole mark read as Latin-1, without its beginning. */
const markEnd = new RegExp(`[0-9a-f]{${shownFingerprintLength}}${markClose.toString('latin1')}$`);

export interface Redaction {
  readonly text: string;
  readonly findings: readonly Finding[];
}

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly fingerprint: string;
}

export class Redactor {
  readonly #analyzer: Analyzer;
  readonly #cache = new Map<string, Redaction>();

  constructor(analyzer: Analyzer) {
    this.#analyzer = analyzer;
  }

  check(text: string): Redaction {
    if (text.length < minBytes) return { text, findings: [] };
    const cached = this.#cache.get(text);
    if (cached !== undefined) return cached;
    const redaction = this.look(text);
    if (this.#cache.size > 100_000) this.#cache.clear();
    this.#cache.set(text, redaction);
    return redaction;
  }

  /** Checks a text that is not asked for again. */
  look(text: string): Redaction {
    if (text.length < minBytes) return { text, findings: [] };
    const bytes = Buffer.from(text, 'utf8');
    const { findings: all } = this.#analyzer.analyze({ bytes, chain: [], collectTags: false });
    const findings = all.length === 0 ? all : outsideMarks(bytes, all);
    return findings.length === 0
      ? { text, findings }
      : { text: replaced(bytes, findings.map(replacementOf)), findings };
  }

  /** The text alone. */
  redact(text: string): string {
    return this.check(text).text;
  }
}

/** Redacts copies of known secrets only: for strings that were stored before a secret was learned. */
export class KnownRedactor {
  readonly #sweepKey: SipKey;
  readonly #fingerprintKey: Buffer;
  readonly #known: AnchorTable;

  constructor(keys: IdentityKeys, known: AnchorTable) {
    this.#sweepKey = sipKeyOf(keys.sweep);
    this.#fingerprintKey = keys.fingerprint;
    this.#known = known;
  }

  /** The redacted text, or undefined when it holds no known secret. */
  redact(text: string): string | undefined {
    if (text.length < 6) return undefined;
    const bytes = Buffer.from(text, 'utf8');
    const copies = copiesIn(this.#sweepKey, this.#fingerprintKey, this.#known, bytes);
    return copies.length === 0 ? undefined : replaced(bytes, copies);
  }
}

/** `secret 0123…` in a mark that was put in before reads like a secret itself. */
function outsideMarks(bytes: Buffer, findings: readonly Finding[]): readonly Finding[] {
  const inside = new Set<Finding>();
  let at = -1;
  let next = bytes.indexOf(markStart);
  for (const finding of [...findings].sort((a, b) => a.span.start - b.span.start)) {
    const { start } = finding.span;
    for (; next >= 0 && next <= start; next = bytes.indexOf(markStart, next + 1)) at = next;
    if (at < 0 || start >= at + markBytes) continue;
    if (markEnd.test(bytes.toString('latin1', at, at + markBytes))) inside.add(finding);
  }
  return inside.size === 0 ? findings : findings.filter((finding) => !inside.has(finding));
}

function replacementOf(finding: Finding): Replacement {
  return { start: finding.span.start, end: finding.span.end, fingerprint: finding.fingerprint };
}

function replaced(bytes: Buffer, parts: readonly Replacement[]): string {
  const sorted = [...parts].sort((a, b) => a.start - b.start || b.end - a.end);
  let text = '';
  let at = 0;
  for (const { start, end, fingerprint } of sorted) {
    if (start < at) {
      at = Math.max(at, end);
      continue;
    }
    text += `${bytes.toString('utf8', at, start)}‹secret ${fingerprint.slice(0, shownFingerprintLength)}›`;
    at = end;
  }
  return text + bytes.toString('utf8', at);
}

/** False for a text without any strong token run: nothing in it could be swept for or told from a word. */
export function mayHoldSecret(text: string): boolean {
  const bytes = Buffer.from(text, 'utf8');
  let found = false;
  visitStrongRuns(bytes, 0, bytes.length, () => {
    found = true;
  });
  return found;
}
