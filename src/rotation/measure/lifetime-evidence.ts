/**
 * What a value itself says of its life: claims of a token, dates of a certificate, parameters of a signed URL. One
 * reader a form; what none of them can read is left to the provider table.
 */
import type { Exposure } from '../../model/exposure.js';
import { type AttributeReader, attributeReader } from '../derive/attribute-reader.js';
import { rfc3339, timeOf } from '../derive/sighting-dates.js';
import type { CredentialClass } from '../imports.js';

export interface LifetimeEvidence {
  /** Rule `L1` ... `L6`. */
  readonly rule: string;
  /** Absent: the form is known, its class is not; a default must not be put in its place. */
  readonly class?: Exclude<CredentialClass, 'unknown'>;
  /** RFC 3339, or `never`. */
  readonly expires?: string;
  /** RFC 3339. */
  readonly issued?: string;
  /** Longest possible life when no expiry is written in it. */
  readonly maxTtlMs?: number;
  /** Attribute that shows it. */
  readonly shownBy: string;
}

/** A session of AWS ends after 36 hours at the latest. */
const sessionMs = 36 * 3_600_000;

/** Dates that a calendar has: what is outside is the end of nothing. */
const latestTime = 253_402_300_799_000;

function dateOf(time: number | undefined): string | undefined {
  return time === undefined || !Number.isFinite(time) || Math.abs(time) > latestTime
    ? undefined
    : rfc3339(Math.floor(time / 1000) * 1000);
}

/** Seconds since 1970 as claims have them; some issuers write milliseconds. */
function epochTime(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,16}(?:\.\d+)?$/.test(text)) return undefined;
  const number = Number(text);
  return number > 100_000_000_000 ? number : number * 1000;
}

/** A date, or seconds since 1970: both forms are in use for the same parameters. */
function anyTime(text: string | undefined): number | undefined {
  return epochTime(text) ?? timeOf(text);
}

/** `20261122T100000Z`. */
function basicTime(text: string | undefined): number | undefined {
  const parts = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(text ?? '');
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  return timeOf(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

interface Life {
  readonly issued?: number | undefined;
  readonly expires?: number | undefined;
}

/** Ephemeral when it ends soon after its issue; without a known issue nothing says that it was short. */
function bounded(
  rule: string,
  shownBy: string,
  { issued, expires }: Life,
  ephemeralMaxMs: number,
): LifetimeEvidence {
  const isShort = issued !== undefined && expires !== undefined && expires - issued <= ephemeralMaxMs;
  const until = dateOf(expires);
  const since = dateOf(issued);
  return {
    rule,
    shownBy,
    class: isShort ? 'ephemeral' : 'static',
    ...(until === undefined ? {} : { expires: until }),
    ...(since === undefined ? {} : { issued: since }),
  };
}

type EvidenceRule = (attributes: AttributeReader, ephemeralMaxMs: number) => LifetimeEvidence | undefined;

/** `L1`: claims of a JSON Web Token. One that was read and has no `exp` never ends. */
const token: EvidenceRule = (attributes, ephemeralMaxMs) => {
  const expires = epochTime(attributes.only('jwt-exp'));
  const issued = epochTime(attributes.only('jwt-iat')) ?? epochTime(attributes.only('jwt-nbf'));
  if (expires !== undefined) return bounded('L1', 'jwt-exp', { issued, expires }, ephemeralMaxMs);
  const isRead =
    attributes.all('jwt-iss').length + attributes.all('jwt-sub').length > 0 || issued !== undefined;
  if (!isRead || attributes.all('jwt-exp').length > 0) return undefined;
  const since = dateOf(issued);
  return {
    rule: 'L1',
    shownBy: 'jwt-alg',
    class: 'static',
    expires: 'never',
    ...(since === undefined ? {} : { issued: since }),
  };
};

/** `L2`: types of AWS key ids. */
const awsKey: EvidenceRule = (attributes) => {
  const types = attributes.all('aws-key-type');
  const ids = attributes.all('aws-key-id');
  if (types.includes('session') || ids.some((id) => id.startsWith('ASIA'))) {
    return { rule: 'L2', shownBy: 'aws-key-type', class: 'ephemeral', maxTtlMs: sessionMs };
  }
  const isLongLived = types.includes('long-lived') || ids.some((id) => id.startsWith('AKIA'));
  return isLongLived ? { rule: 'L2', shownBy: 'aws-key-type', class: 'static', expires: 'never' } : undefined;
};

/** `L3`: presigned URLs; one that a session signed ends with the session. */
const signedUrl: EvidenceRule = (attributes, ephemeralMaxMs) => {
  const issued = basicTime(attributes.only('signed-at'));
  const seconds = attributes.only('expires-seconds');
  if (issued !== undefined && seconds !== undefined && /^\d{1,9}$/.test(seconds)) {
    const written = issued + Number(seconds) * 1000;
    const isSession = attributes.only('signer')?.startsWith('ASIA') === true;
    const expires = isSession ? Math.min(written, issued + sessionMs) : written;
    return bounded('L3', 'expires-seconds', { issued, expires }, ephemeralMaxMs);
  }
  const expires = anyTime(attributes.only('expires-at'));
  return expires === undefined ? undefined : bounded('L3', 'expires-at', { expires }, ephemeralMaxMs);
};

/** `L4`: shared access signatures. With a stored policy the server knows when they end; without any date nobody does. */
const sharedAccess: EvidenceRule = (attributes, ephemeralMaxMs) => {
  const expires = anyTime(attributes.only('sas-se'));
  if (expires !== undefined) {
    return bounded('L4', 'sas-se', { issued: anyTime(attributes.only('sas-st')), expires }, ephemeralMaxMs);
  }
  if (attributes.all('sas-si').length > 0) return { rule: 'L4', shownBy: 'sas-si' };
  return attributes.all('sas-sv').length > 0 ? { rule: 'L4', shownBy: 'sas-sv' } : undefined;
};

/** `L5`: certificates of a key. The one that ends last counts: the key is good for as long as any is. */
const certificate: EvidenceRule = (attributes, ephemeralMaxMs) => {
  const expires = latest(attributes.all('x509-not-after'));
  if (expires === undefined) return undefined;
  const issued = latest(attributes.all('x509-not-before').filter((text) => (anyTime(text) ?? 0) <= expires));
  const evidence = bounded('L5', 'x509-not-after', { issued, expires }, ephemeralMaxMs);
  // Names of SPIFFE are issued by machines only, which renew them.
  const isRenewed = attributes.all('x509-san').some((names) => names.includes('spiffe://'));
  return isRenewed && evidence.class === 'static' ? { ...evidence, class: 'renewable' } : evidence;
};

function latest(texts: readonly string[]): number | undefined {
  const times = texts.flatMap((text) => anyTime(text) ?? []);
  return times.length === 0 ? undefined : Math.max(...times);
}

/** `L6`: certificates of SSH. */
const sshCertificate: EvidenceRule = (attributes, ephemeralMaxMs) => {
  const before = attributes.only('ssh-valid-before');
  if (before === undefined) return undefined;
  if (before === 'forever')
    return { rule: 'L6', shownBy: 'ssh-valid-before', class: 'static', expires: 'never' };
  const issued = anyTime(attributes.only('ssh-valid-after'));
  return bounded('L6', 'ssh-valid-before', { issued, expires: anyTime(before) }, ephemeralMaxMs);
};

const rules: readonly EvidenceRule[] = [token, signedUrl, sharedAccess, certificate, sshCertificate, awsKey];

/** What the value says of its own life; undefined when it says nothing. */
export function lifetimeEvidence(
  exposure: Pick<Exposure, 'attributes'>,
  ephemeralMaxMs: number,
): LifetimeEvidence | undefined {
  const attributes = attributeReader(exposure);
  for (const rule of rules) {
    const evidence = rule(attributes, ephemeralMaxMs);
    if (evidence !== undefined) return evidence;
  }
  return undefined;
}
