/** CODEOWNERS files in the dialects of the hosts, read into rules of one form. */
import { type GlobDialect, type PathGlob, parseGlob } from './glob.js';

export type CodeownersDialect = 'github' | 'gitlab' | 'bitbucket';

export interface CodeownersRule {
  readonly glob: PathGlob;
  /** As written. */
  readonly pattern: string;
  /** Handles and addresses as written; empty: without an owner on purpose. */
  readonly owners: readonly string[];
  /** From 1. */
  readonly line: number;
  /** Takes paths out of its section, whatever follows. */
  readonly isExclusion: boolean;
  /** Owners are named, but nobody whom the file can tell: a role, or a name that is no name. */
  readonly isNameless: boolean;
}

/** Rules that are matched apart from those of other sections. GitHub and Bitbucket have one. */
export interface CodeownersSection {
  readonly name: string;
  readonly isOptional: boolean;
  readonly rules: readonly CodeownersRule[];
}

/** More is no ownership file. GitHub ignores files above 3 MB. */
const mostRules = 100_000;

const globs: Readonly<Record<CodeownersDialect, GlobDialect>> = {
  github: {
    isInnerSlashAnchored: true,
    doesNameCoverFolder: true,
    doesStarCoverFolder: false,
    isLastDoubleStarDeep: true,
    hasClasses: false,
  },
  gitlab: {
    isInnerSlashAnchored: false,
    doesNameCoverFolder: false,
    doesStarCoverFolder: false,
    isLastDoubleStarDeep: false,
    hasClasses: true,
  },
  bitbucket: {
    isInnerSlashAnchored: true,
    doesNameCoverFolder: true,
    doesStarCoverFolder: true,
    isLastDoubleStarDeep: true,
    hasClasses: false,
  },
};

const email = /^[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+$/;
const handle = /^@[\p{L}\p{N}_][\p{L}\p{N}_.-]*(?:\/[\p{L}\p{N}_.-]+)*$/u;

function isOwner(word: string): boolean {
  return handle.test(word) || email.test(word);
}

/** Pattern and the rest of a line; blanks in a name are written with a backslash. */
function splitLine(line: string): { pattern: string; rest: string } {
  const found = /^((?:\\.|[^\s\\])+)\s*(.*)$/s.exec(line);
  return { pattern: found?.[1] ?? line, rest: found?.[2] ?? '' };
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** A comment begins with a hash at the start of a word. */
function withoutComment(text: string): string {
  return text.replace(/(?:^|\s)#.*$/s, '');
}

type RuleText = Omit<CodeownersRule, 'glob' | 'line'>;

function gitHubRule(line: string): RuleText | undefined {
  const { pattern, rest } = splitLine(line);
  // Not supported there: negation, escaped hashes and classes. Such lines, and those with a broken owner, are skipped.
  if (/^(?:!|\\#)|[[\]]/.test(pattern)) return undefined;
  const owners = wordsOf(withoutComment(rest));
  return owners.every(isOwner) ? { pattern, owners, isExclusion: false, isNameless: false } : undefined;
}

/** `@@@team:random(2)` and `@acme/dev:all` say how reviewers are picked. */
function withoutSelection(word: string): string {
  return word.replace(/:[a-z_]+(?:\(\d*\))?$/, '');
}

function bitbucketRule(line: string): RuleText | undefined {
  const { pattern, rest } = splitLine(line);
  // Definitions of teams, and conditions of merge checks.
  if (/^(?:@@@|!|\\#|Check\()|[[\]]/.test(pattern)) return undefined;
  const words = wordsOf(withoutComment(rest)).map(withoutSelection);
  const owners = words.filter((word) => isOwner(word) || /^@@@[\w.-]+$/.test(word));
  return { pattern, owners, isExclusion: false, isNameless: owners.length === 0 && words.length > 0 };
}

function gitLabRule(line: string, defaults: readonly string[]): RuleText {
  const isExclusion = line.startsWith('!');
  const { pattern, rest } = splitLine(isExclusion ? line.slice(1) : line);
  // There are no comments behind a pattern: owners that stand in one count.
  const words = wordsOf(rest);
  const named = words.filter(isOwner);
  const owners = words.length === 0 || isExclusion ? defaults : named;
  return {
    pattern: pattern.replace(/^\\#/, '#'),
    owners: isExclusion ? [] : owners,
    isExclusion,
    isNameless: owners.length === 0 && words.some((word) => word.startsWith('@@')),
  };
}

/** `^[Name][2] @owner`: optional, so many approvals, default owners. */
const heading = /^(\^?)\[([^\]]+)\](?:\[\d+\])?(?:\s+(.*))?$/s;

interface SectionDraft {
  name: string;
  isOptional: boolean;
  rules: CodeownersRule[];
}

/** Sections of one name are one, whatever the case; it is optional as long as all headings say so. */
class Sections {
  readonly #drafts = new Map<string, SectionDraft>();
  #current: SectionDraft = { name: '', isOptional: false, rules: [] };
  #defaults: readonly string[] = [];

  constructor() {
    this.#drafts.set('', this.#current);
  }

  get defaults(): readonly string[] {
    return this.#defaults;
  }

  open(name: string, isOptional: boolean, defaults: readonly string[]): void {
    const key = name.trim().toLowerCase();
    const known = this.#drafts.get(key);
    this.#current = known ?? { name: name.trim(), isOptional, rules: [] };
    this.#current.isOptional &&= isOptional;
    this.#defaults = defaults;
    this.#drafts.set(key, this.#current);
  }

  add(rule: CodeownersRule): void {
    this.#current.rules.push(rule);
  }

  all(): CodeownersSection[] {
    return [...this.#drafts.values()].filter(({ rules }) => rules.length > 0);
  }
}

function ruleOf(line: string, dialect: CodeownersDialect, defaults: readonly string[]): RuleText | undefined {
  if (dialect === 'github') return gitHubRule(line);
  return dialect === 'bitbucket' ? bitbucketRule(line) : gitLabRule(line, defaults);
}

/** Never throws: lines that the host does not take are skipped, as it does. */
export function parseCodeowners(text: string, dialect: CodeownersDialect): readonly CodeownersSection[] {
  const sections = new Sections();
  let count = 0;
  let number = 0;
  for (const written of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    number++;
    const line = written.trim();
    if (line === '' || line.startsWith('#')) continue;
    const head = dialect === 'gitlab' ? heading.exec(line) : null;
    if (head !== null) {
      sections.open(head[2] ?? '', head[1] === '^', wordsOf(head[3] ?? '').filter(isOwner));
      continue;
    }
    const rule = ruleOf(line, dialect, sections.defaults);
    const glob = rule === undefined ? undefined : globOf(rule.pattern, dialect);
    if (rule === undefined || glob === undefined) continue;
    if (++count > mostRules) break;
    sections.add({ ...rule, glob, line: number });
  }
  return sections.all();
}

/** A lone star is everything there, though a star elsewhere is one name. */
function globOf(pattern: string, dialect: CodeownersDialect): PathGlob | undefined {
  return parseGlob(dialect === 'gitlab' && pattern === '*' ? '/**/*' : pattern, globs[dialect]);
}
