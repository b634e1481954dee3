/** Secrets in names: paths, refs, authors, titles. The name is stored redacted, the hit is a location. */
import { createHmac } from 'node:crypto';
import { contentIdOf } from '../identity/content-id.js';
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import type { Appearance, CommitFacts, PathName, Person, RecordFacts } from '../model/appearance.js';
import type { Finding } from '../model/finding.js';
import type { PlaceKey } from '../model/ids.js';
import type { ContentResult } from '../store/store.js';
import type { Redactor } from './redactor.js';

export interface MetadataHit {
  /** Which name it was: `path`, `ref`, `author`, `tag`, ... */
  readonly label: string;
  readonly redacted: string;
  readonly findings: readonly Finding[];
  /** Length of the name as it was. */
  readonly bytes: number;
}

/** The content that stands for a name. Its id comes from the findings, since the name itself is not kept. */
export function metadataContent(
  keys: IdentityKeys,
  place: PlaceKey,
  hit: MetadataHit,
  isGit: boolean,
): ContentResult {
  const hash = createHmac('sha256', keys.content).update(`${place}\0${hit.label}\0${hit.redacted}`);
  for (const { fingerprint } of hit.findings) hash.update(fingerprint);
  const appearance: Appearance = isGit
    ? {
        type: 'git-text',
        locationKind: 'git-metadata',
        label: `${hit.label}: ${hit.redacted}`,
        refs: [],
        refCount: 0,
      }
    : {
        type: 'file',
        locationKind: 'metadata',
        path: { text: hit.redacted },
        ignored: false,
        tracked: false,
      };
  return {
    id: contentIdOf(keys.content, hash.digest(), 'metadata'),
    bytes: hit.bytes,
    findings: hit.findings,
    appearances: [appearance],
  };
}

/** A commit's header as a place: the same commit, but another thing to clean than its message. */
export function headerAppearance(appearance: Appearance): Appearance {
  if (appearance.type !== 'git-text') return appearance;
  return { ...appearance, locationKind: 'git-metadata', label: 'header' };
}

/** The appearance with every name checked, and what was found in them. */
export function redactAppearance(
  appearance: Appearance,
  redactor: Redactor,
): { appearance: Appearance; hits: MetadataHit[] } {
  const hits: MetadataHit[] = [];
  const text = (label: string, name: string): string => {
    const checked = redactor.check(name);
    if (checked.findings.length > 0) {
      hits.push({
        label,
        redacted: checked.text,
        findings: checked.findings,
        bytes: Buffer.byteLength(name),
      });
    }
    return checked.text;
  };
  const path = (name: PathName): PathName => {
    const redacted = text('path', name.text);
    // The raw bytes of a redacted name would give the secret away.
    return name.bytes !== undefined && redacted === name.text ? name : { text: redacted };
  };
  const person = (who: Person): Person => ({
    name: text('author', who.name),
    email: text('author', who.email),
  });
  const commit = (facts: CommitFacts): CommitFacts => ({ ...facts, author: person(facts.author) });
  const factsOf = (facts: RecordFacts): RecordFacts => ({
    ...facts,
    source: text('path', facts.source),
    ...(facts.thread === undefined ? {} : { thread: text('id', facts.thread) }),
    ...(facts.of === undefined ? {} : { of: text('id', facts.of) }),
    ...(facts.alsoIn === undefined ? {} : { alsoIn: facts.alsoIn.map((path) => text('field', path)) }),
  });
  const refs = (names: readonly string[]): readonly string[] => names.map((name) => text('ref', name));
  switch (appearance.type) {
    case 'git-blob':
      return {
        appearance: {
          ...appearance,
          refs: refs(appearance.refs),
          ...(appearance.path === undefined ? {} : { path: path(appearance.path) }),
          ...(appearance.introduced === undefined ? {} : { introduced: commit(appearance.introduced) }),
          ...(appearance.removed === undefined ? {} : { removed: commit(appearance.removed) }),
        },
        hits,
      };
    case 'git-text':
      return {
        appearance: {
          ...appearance,
          refs: refs(appearance.refs),
          ...(appearance.commit === undefined ? {} : { commit: commit(appearance.commit) }),
          ...(appearance.label === undefined ? {} : { label: text('label', appearance.label) }),
        },
        hits,
      };
    case 'file':
      return { appearance: { ...appearance, path: path(appearance.path) }, hits };
    case 'record':
      return {
        appearance: {
          ...appearance,
          ...(appearance.author === undefined ? {} : { author: person(appearance.author) }),
          ...(appearance.title === undefined ? {} : { title: text('title', appearance.title) }),
          recordId: text('id', appearance.recordId),
          field: text('field', appearance.field),
          ...(appearance.facts === undefined ? {} : { facts: factsOf(appearance.facts) }),
          ...(appearance.permalink === undefined
            ? {}
            : { permalink: text('permalink', appearance.permalink) }),
        },
        hits,
      };
  }
}
