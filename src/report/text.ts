/** The report for a terminal: one block a secret, its copies grouped by place. */
import type { Exposure, Location } from '../model/exposure.js';
import type { Confidence } from '../model/finding.js';
import { shownFingerprintLength } from '../model/ids.js';
import { historyOf, spellingText, spotText, standingOf, statusText } from './location-text.js';
import type { RenderOptions, ReportInput, RevealLocation } from './report-input.js';
import { counted, safeText } from './safe-text.js';
import { controlText, type SecretConditions } from './secret-conditions.js';
import type { Role, Style } from './style.js';

const confidenceRole: Readonly<Record<Confidence, Role>> = {
  low: 'dim',
  medium: 'warning',
  high: 'alarm',
  proven: 'alarm',
};

/** `AKIA…3FQ9` for kinds with a provider's format, else the class of its length. */
export function previewText(secret: Pick<Exposure, 'preview' | 'lengthClass' | 'weak'>): string {
  const shown = secret.preview === undefined ? `${secret.lengthClass} bytes` : safeText(secret.preview);
  return secret.weak ? `${shown}, weak value` : shown;
}

function headline(exposure: Exposure, style: Style): string {
  const fingerprint = exposure.fingerprint.slice(0, shownFingerprintLength);
  const kind = exposure.labels[0]?.kind ?? 'unknown';
  const confidence = style[confidenceRole[exposure.confidence]](exposure.confidence);
  const status = exposure.status === 'open' ? '' : `  ${style.dim(exposure.status)}`;
  return `${style.strong(fingerprint)}  ${style.name(kind)}  ${confidence}  ${previewText(exposure)}${status}`;
}

function spread(exposure: Exposure): string {
  const parts = [counted(exposure.locationCount, 'copy', 'copies'), counted(exposure.places.length, 'place')];
  if (exposure.live) parts.push('live');
  parts.push(`first seen ${exposure.firstSeen.slice(0, 10)}`);
  if (exposure.knownPublic !== undefined) parts.push(`published: ${safeText(exposure.knownPublic)}`);
  return parts.join(', ');
}

/** The copies of a secret under the key of their place, in the order in which the places come. */
export function groupByPlace(locations: readonly Location[]): Map<string, Location[]> {
  const groups = new Map<string, Location[]>();
  for (const location of locations) {
    const group = groups.get(location.place);
    if (group === undefined) groups.set(location.place, [location]);
    else group.push(location);
  }
  return groups;
}

/** One copy on one line: spot, how it stands there, how it is written, and its status unless open. */
export function locationLine(location: Location, style: Style): string {
  const details = [standingOf(location), spellingText(location)];
  if (location.slot !== undefined) details.push(`under ${safeText(location.slot)}`);
  if (location.status.status !== 'open') details.push(statusText(location));
  const text = details.filter((detail) => detail !== '').join('; ');
  return `${spotText(location)}  ${style.dim(text)}`;
}

/** The line under a copy that shows its value. */
export async function valueLine(location: Location, reveal: RevealLocation, style: Style): Promise<string> {
  const value = await reveal(location);
  if (value === undefined) return `      ${style.dim('value: its source is gone')}\n`;
  return `      value: ${safeText(value)}\n`;
}

/** The block of one secret. */
export async function* exposureBlock(
  exposure: Exposure,
  options: RenderOptions,
  reveal?: RevealLocation,
  conditions?: SecretConditions,
): AsyncGenerator<string, void> {
  const { style, maxLocations } = options;
  yield `${headline(exposure, style)}\n  ${style.dim(spread(exposure))}\n`;
  if (conditions !== undefined && conditions.conditions.length > 0) {
    yield `  ${conditions.conditions.join(', ')}\n`;
    const controls = controlText(conditions);
    if (controls !== '') yield `  ${style.dim(controls)}\n`;
  }
  let left = maxLocations;
  const groups = groupByPlace(exposure.locations);
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined || left <= 0) break;
    yield `\n  ${style.dim(first.system)} ${safeText(first.placeName)}\n`;
    for (const location of group.slice(0, left)) {
      yield `    ${locationLine(location, style)}\n`;
      const history = historyOf(location);
      if (history !== '') yield `      ${style.dim(history)}\n`;
      if (reveal !== undefined) yield await valueLine(location, reveal, style);
    }
    left -= group.length;
  }
  const elsewhere = exposure.places.filter((place) => !groups.has(place));
  if (elsewhere.length > 0) {
    // By number: keys are for machines, and a copy there may have gone since.
    const prefix = exposure.fingerprint.slice(0, shownFingerprintLength);
    yield `\n  ${style.dim(`recorded in ${counted(elsewhere.length, 'other place')} too: sprawl where ${prefix}`)}\n`;
  }
  if (left < 0) {
    const prefix = exposure.fingerprint.slice(0, shownFingerprintLength);
    yield `\n  ${style.dim(`and ${counted(-left, 'more copy', 'more copies')}: sprawl show ${prefix}`)}\n`;
  }
  yield '\n';
}

export async function* textReport(input: ReportInput, options: RenderOptions): AsyncGenerator<string, void> {
  for await (const exposure of input.exposures) {
    yield* exposureBlock(exposure, options, input.reveal, input.conditions?.of(exposure.fingerprint));
  }
}
