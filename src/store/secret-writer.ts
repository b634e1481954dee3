/** Writes secrets, their aliases, relations, attributes and groups. Facts of several findings are united. */
import type { Statement } from 'better-sqlite3';
import type { Alias, Attribute, FindingRelation, SweepAnchor } from '../model/finding.js';
import type { Fingerprint } from '../model/ids.js';
import { AliasGroups } from './alias-groups.js';
import type { Interner } from './interner.js';
import type { IdCache, WriteSession } from './write-session.js';

/** The part of a finding that is about the value and not about where it stands. */
export interface SecretFacts {
  readonly fingerprint: Fingerprint;
  readonly weak: boolean;
  readonly strengthBits: number;
  readonly preview?: string;
  readonly lengthClass: string;
  readonly anchor?: SweepAnchor;
  readonly knownPublic?: string;
  readonly aliases: readonly Alias[];
  readonly attributes: readonly Attribute[];
  readonly relations: readonly FindingRelation[];
}

/** A secret that was written. */
export interface WrittenSecret {
  readonly id: number;
  /** Forms that its labels are known to have, for whoever writes labels. */
  readonly forms: number[];
}

/** Facts as they were written last, flat, so that the thousandth copy costs a few comparisons. */
interface Known extends WrittenSecret {
  readonly weak: boolean;
  readonly strengthBits: number;
  readonly preview: string | undefined;
  readonly lengthClass: string;
  readonly anchorTag: number | undefined;
  readonly knownPublic: string | undefined;
  /** Aliases, attributes and relations as one text; empty: none. */
  readonly more: string;
}

// Every rule of merging is symmetric, so that the order of findings leaves no trace.
const upsert = `
  INSERT INTO secret (id, fingerprint, canonical, weak, strength_bits, preview, length_class, anchor_tag,
    anchor_lead, anchor_length, known_public, first_scan)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (fingerprint) DO UPDATE SET
    weak = min(weak, excluded.weak),
    strength_bits = max(strength_bits, excluded.strength_bits),
    preview = coalesce(min(preview, excluded.preview), preview, excluded.preview),
    length_class = min(length_class, excluded.length_class),
    anchor_tag = coalesce(anchor_tag, excluded.anchor_tag),
    anchor_lead = coalesce(anchor_lead, excluded.anchor_lead),
    anchor_length = coalesce(anchor_length, excluded.anchor_length),
    known_public = coalesce(min(known_public, excluded.known_public), known_public, excluded.known_public)
  RETURNING id`;

function moreOf({ aliases, attributes, relations }: SecretFacts): string {
  if (aliases.length === 0 && attributes.length === 0 && relations.length === 0) return '';
  return JSON.stringify([aliases, attributes, relations]);
}

/** Whether a finding says of its value what was written. */
function isWritten(known: Known, facts: SecretFacts): boolean {
  return (
    known.weak === facts.weak &&
    known.strengthBits === facts.strengthBits &&
    known.anchorTag === facts.anchor?.tag &&
    known.lengthClass === facts.lengthClass &&
    known.preview === facts.preview &&
    known.knownPublic === facts.knownPublic &&
    known.more === moreOf(facts)
  );
}

/** Only what {@link isWritten} compares, so that no finding is kept alive. */
function knownOf(id: number, forms: number[], facts: SecretFacts): Known {
  const { weak, strengthBits, preview, lengthClass, knownPublic } = facts;
  const anchorTag = facts.anchor?.tag;
  return { id, forms, weak, strengthBits, preview, lengthClass, anchorTag, knownPublic, more: moreOf(facts) };
}

export class SecretWriter {
  readonly #interner: Interner;
  readonly #groups: AliasGroups;
  readonly #known: IdCache<Known>;
  readonly #nextIds: IdCache<number>;
  readonly #greatestId: Statement<[], number>;
  readonly #upsert: Statement<unknown[], number>;
  readonly #addAlias: Statement;
  readonly #addRelation: Statement;
  readonly #addAttribute: Statement;

  constructor(session: WriteSession, interner: Interner) {
    const { db } = session.connection;
    this.#interner = interner;
    this.#groups = new AliasGroups(db);
    this.#known = session.cache();
    this.#nextIds = session.nextIds;
    this.#greatestId = db.prepare<[], number>('SELECT coalesce(max(id), 0) FROM secret').pluck();
    this.#upsert = db.prepare<unknown[], number>(upsert).pluck();
    this.#addAlias = db.prepare('INSERT OR IGNORE INTO alias (secret, domain, target) VALUES (?, ?, ?)');
    this.#addRelation = db.prepare(
      'INSERT OR IGNORE INTO relation (secret, relation, target) VALUES (?, ?, ?)',
    );
    this.#addAttribute = db.prepare('INSERT OR IGNORE INTO attribute (secret, name, text) VALUES (?, ?, ?)');
  }

  /** Forgets what is remembered of secrets, their labels among it. */
  forget(): void {
    this.#known.clear();
  }

  /** Writes what is new. */
  write(facts: SecretFacts, scan: number): WrittenSecret {
    const known = this.#known.get(facts.fingerprint);
    if (known !== undefined && isWritten(known, facts)) return known;
    const fresh = this.#nextIds.get('secret') ?? (this.#greatestId.get() as number) + 1;
    const fingerprint = Buffer.from(facts.fingerprint, 'hex');
    const id = this.#upsert.get(
      fresh,
      fingerprint,
      fresh,
      facts.weak ? 1 : 0,
      Math.round(facts.strengthBits),
      facts.preview ?? null,
      facts.lengthClass,
      facts.anchor?.tag ?? null,
      facts.anchor?.lead ?? null,
      facts.anchor?.length ?? null,
      facts.knownPublic ?? null,
      scan,
    ) as number;
    this.#nextIds.set('secret', id === fresh ? fresh + 1 : fresh);
    // A new secret without aliases can only be what somebody else's alias says.
    let isJoinable = id === fresh && this.#groups.isTarget(fingerprint);
    for (const alias of facts.aliases) {
      const added = this.#addAlias.run(id, alias.domain, Buffer.from(alias.fingerprint, 'hex')).changes;
      if (added > 0) isJoinable = true;
    }
    for (const edge of facts.relations) {
      this.#addRelation.run(id, edge.relation, Buffer.from(edge.to, 'hex'));
    }
    for (const { name, text } of facts.attributes) {
      this.#addAttribute.run(id, name, this.#interner.term(text));
    }
    if (isJoinable) this.#groups.join(id);
    const written = knownOf(id, known?.forms ?? [], facts);
    this.#known.set(facts.fingerprint, written);
    return written;
  }
}
