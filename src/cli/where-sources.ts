/** The ways into `where`: a fingerprint, a value, or an identifier beside the secret. */
import type { Exposure, Location } from '../model/exposure.js';
import type { KnownAnchor } from '../model/finding.js';
import { lengthClassOf, weakBelowBits } from '../model/finding.js';
import type { Fingerprint } from '../model/ids.js';
import type { SecretValue } from '../model/secret-value.js';
import type { DeepEvents } from '../scan/locate-deep.js';
import type { Store } from '../store/store.js';
import type { Context } from './context.js';
import type { ValueForm } from './services.js';
import type { Session } from './session.js';
import { CopyCollector, copiesOf, goneRecordsOf, type WhereAnswer, type WhereCopy } from './where-answer.js';

type FoundPart = Omit<WhereAnswer, 'coverage'>;

async function exposuresOf(store: Store, fingerprints: readonly Fingerprint[]): Promise<Exposure[]> {
  const exposures: Exposure[] = [];
  for (const fingerprint of new Set(fingerprints)) {
    const exposure = await store.exposure(fingerprint);
    if (exposure !== undefined) exposures.push(exposure);
  }
  return exposures;
}

/** Adds to the recorded copies what the sweep index knows of bare ones. */
async function withBareCopies(
  context: Context,
  session: Session,
  recorded: readonly WhereCopy[],
  anchors: readonly KnownAnchor[],
  gone: readonly Location[],
): Promise<readonly WhereCopy[]> {
  if (anchors.length === 0) return recorded;
  const tags = Float64Array.from(new Set(anchors.map(({ tag }) => tag)));
  const candidates = await session.store.sweepCandidates(tags);
  if (candidates.length === 0) return recorded;
  const collector = new CopyCollector(recorded, gone);
  const byFingerprint = new Map(anchors.map((anchor) => [anchor.fingerprint, anchor]));
  const deps = { ...session, onEvent: () => {}, signal: context.signal };
  for await (const location of context.services.locate(candidates, anchors, deps)) {
    const anchor = byFingerprint.get(location.fingerprint);
    const known = recorded.find(({ facts }) => facts.fingerprint === location.fingerprint)?.facts;
    const facts = known ?? {
      fingerprint: location.fingerprint,
      lengthClass: lengthClassOf(anchor?.length ?? 0),
      strengthBits: anchor?.strengthBits ?? 0,
      weak: false,
    };
    collector.add(facts, location);
  }
  return collector.copies;
}

/** Everything recorded for one secret, and bare copies read since. */
export async function whereFingerprint(
  context: Context,
  session: Session,
  exposures: readonly Exposure[],
): Promise<FoundPart> {
  const recorded = copiesOf(exposures);
  const wanted = new Set<string>(
    exposures.flatMap(({ fingerprint, aliases }) => [
      fingerprint,
      ...aliases.map((alias) => alias.fingerprint),
    ]),
  );
  const anchors = (await session.store.anchors()).filter(({ fingerprint }) => wanted.has(fingerprint));
  const copies = await withBareCopies(context, session, recorded, anchors, goneRecordsOf(exposures));
  const hasAnchor = anchors.length > 0;
  return { copies, ground: hasAnchor ? 'by value' : 'by detection', notRecorded: !hasAnchor };
}

/**
 * All copies of a value that the caller holds, by reading every known root again. Covers what the index leaves
 * out; what it cannot read any more keeps the answer open.
 */
export async function whereValueDeep(
  context: Context,
  session: Session,
  value: SecretValue,
): Promise<FoundPart> {
  const quick = await whereValue(context, session, value);
  const { services, signal } = context;
  const forms = await formsOfValue(context, session, value);
  const anchors = forms.map(({ anchor }) => anchor).filter((anchor) => anchor !== undefined);
  const literal = await services.literalOf(value, session.keys);
  const collector = new CopyCollector(quick.copies);
  const deep = { read: 0, gone: 0, problems: 0 };
  const events: DeepEvents = {
    read: () => {
      deep.read++;
    },
    gone: () => {
      deep.gone++;
    },
    problem: () => {
      deep.problems++;
    },
  };
  const deps = { ...session, onEvent: () => {}, signal };
  for await (const location of services.locateDeep(anchors, [literal], deps, events)) {
    const known = quick.copies.find(({ facts }) => facts.fingerprint === location.fingerprint)?.facts;
    const { strengthBits } = literal;
    collector.add(
      known ?? {
        fingerprint: location.fingerprint,
        lengthClass: lengthClassOf(value.byteLength),
        strengthBits,
        weak: strengthBits < weakBelowBits,
      },
      location,
    );
  }
  return { copies: collector.copies, ground: 'by value', notRecorded: false, deep };
}

/** What the value is known under; no other code of commands unwraps it. */
export async function formsOfValue(
  { services }: Context,
  { keys }: Session,
  value: SecretValue,
): Promise<readonly ValueForm[]> {
  return services.formsOf(value.reveal(), keys);
}

/** All copies of a value that the caller holds. */
export async function whereValue(context: Context, session: Session, value: SecretValue): Promise<FoundPart> {
  const forms = await formsOfValue(context, session, value);
  const known = await session.store.findByFingerprints(forms.map(({ fingerprint }) => fingerprint));
  const exposures = await exposuresOf(session.store, known);
  const recorded = copiesOf(exposures);
  const anchors = forms.map(({ anchor }) => anchor).filter((anchor) => anchor !== undefined);
  const copies = await withBareCopies(context, session, recorded, anchors, goneRecordsOf(exposures));
  // The literal form decides: that a decoded reading could be looked for says nothing of the value itself.
  const hasAnchor = forms[0]?.anchor !== undefined;
  return { copies, ground: hasAnchor ? 'by value' : 'by detection', notRecorded: !hasAnchor };
}

/** Splits `ghp_…3fQ9`, `ghp_***3fQ9` or `ghp_...3fQ9`; undefined when the text is not masked. */
export function maskedParts(text: string): { readonly head: string; readonly tail: string } | undefined {
  const match = /^([^…*]*?)(?:…|\*{2,}|\.{3,})([^…*]*)$/u.exec(text);
  const head = match?.[1] ?? '';
  const tail = match?.[2] ?? '';
  return head === '' && tail === '' ? undefined : { head, tail };
}

function agrees(preview: string | undefined, masked: { head: string; tail: string }): boolean {
  const own = preview === undefined ? undefined : maskedParts(preview);
  if (own === undefined) return false;
  const heads = own.head.startsWith(masked.head) || masked.head.startsWith(own.head);
  const tails = own.tail.endsWith(masked.tail) || masked.tail.endsWith(own.tail);
  return heads && tails && (masked.tail !== '' || masked.head.length > own.head.length);
}

/** Secrets by a key id, account, serial or masked form that stands beside or for them. */
export async function whereIdentifier(context: Context, session: Session, text: string): Promise<FoundPart> {
  const { store } = session;
  const fingerprints = [...(await store.findByIdentifier(text))];
  const masked = maskedParts(text);
  if (masked !== undefined) {
    const summaries = await store.listSecrets({});
    fingerprints.push(
      ...summaries.filter(({ preview }) => agrees(preview, masked)).map(({ fingerprint }) => fingerprint),
    );
  }
  const exposures = await exposuresOf(store, fingerprints);
  if (exposures.length === 0) return { copies: [], ground: 'by detection', notRecorded: true };
  return whereFingerprint(context, session, exposures);
}
