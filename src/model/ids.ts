/**
 * Branded identifiers and the one parser for each.
 *
 * A brand is put on only here, after length and alphabet were checked, so that an id of one sort can
 * never stand where another is meant. SQL repeats the checks in the schema.
 */

declare const brand: unique symbol;
/** A string that was checked by the parser of its sort. */
export type Brand<Name extends string> = string & { readonly [brand]: Name };

/** HMAC-SHA-256 of one spelling of a secret: 64 lower-case hex characters (32 bytes). */
export type Fingerprint = Brand<'Fingerprint'>;
/** Kind of credential: lower-case words joined by `-`, e.g. `github-pat`. */
export type KindId = Brand<'KindId'>;
/** Rule that recognised it; same alphabet as {@link KindId}. */
export type RuleId = Brand<'RuleId'>;
/** Keyed id of a content: 32 lower-case hex characters (16 bytes), see identity/content-id.ts. */
export type ContentId = Brand<'ContentId'>;
/** Git commit id: 40 (SHA-1) or 64 (SHA-256) lower-case hex characters. */
export type CommitId = Brand<'CommitId'>;
/** Git object id of any type; same form as {@link CommitId}. Never stored: it confirms guesses. */
export type ObjectId = Brand<'ObjectId'>;
/** Natural key of a place, e.g. `git:github.com/acme/api`; no control characters, at most 1,024. */
export type PlaceKey = Brand<'PlaceKey'>;
/** Id of a key file: 16 lower-case hex characters. */
export type KeyId = Brand<'KeyId'>;

/** Characters of a fingerprint that are shown to people. */
export const shownFingerprintLength = 12;

function parse<Name extends string>(what: string, text: string, pattern: RegExp): Brand<Name> {
  // The text itself stays out of the message: it may be what somebody pasted by mistake.
  if (!pattern.test(text)) throw new TypeError(`not a valid ${what} (${text.length} characters)`);
  return text as Brand<Name>;
}

export function parseFingerprint(text: string): Fingerprint {
  return parse('fingerprint', text, /^[0-9a-f]{64}$/);
}
export function parseKindId(text: string): KindId {
  return parse('kind id', text, /^[a-z0-9]+(?:-[a-z0-9]+)*$/);
}
export function parseRuleId(text: string): RuleId {
  return parse('rule id', text, /^[a-z0-9]+(?:-[a-z0-9]+)*$/);
}
export function parseContentId(text: string): ContentId {
  return parse('content id', text, /^[0-9a-f]{32}$/);
}
export function parseCommitId(text: string): CommitId {
  return parse('commit id', text, /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);
}
export function parseObjectId(text: string): ObjectId {
  return parse('object id', text, /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);
}
export function parsePlaceKey(text: string): PlaceKey {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  return parse('place key', text, /^[^\u0000-\u001f\u007f]{1,1024}$/);
}
export function parseKeyId(text: string): KeyId {
  return parse('key id', text, /^[0-9a-f]{16}$/);
}
