/**
 * One page of HTML that needs nothing else: no script, no font, no picture, and a policy that forbids them. A section a
 * secret, its copies by place, then what was read and what was not. Links lead within the page only: those of a target
 * are shown as text.
 */
import type { Exposure, Location } from '../model/exposure.js';
import { shownFingerprintLength } from '../model/ids.js';
import { ResultCounter } from './counter.js';
import { pageStyle } from './html-style.js';
import { historyOf, spellingText, spotText, standingOf, statusText } from './location-text.js';
import { coverageLine, problemLines, receiptLines } from './receipt-text.js';
import { isComplete } from './records.js';
import type { RenderOptions, ReportInput } from './report-input.js';
import { counted, grouped, markupText } from './safe-text.js';
import { controlText, type SecretConditions } from './secret-conditions.js';
import { groupByPlace, previewText } from './text.js';

const title = 'Secrets and where they stand';

/** A name of the target: kept from reordering what stands beside it. */
function name(text: string): string {
  return `<bdi>${markupText(text)}</bdi>`;
}

function head(input: ReportInput): string {
  const complete = isComplete(input);
  const verdict = complete
    ? 'Coverage is complete.'
    : 'Coverage is incomplete: what was not read may hold more copies.';
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${title}</title>`,
    `<style>${pageStyle}</style>`,
    '</head>',
    '<body>',
    '<header>',
    `<h1>${title}</h1>`,
    `<p>Made by sprawl ${markupText(input.version)}, ${markupText(input.generatedAt)}.</p>`,
    `<p class="${complete ? 'good' : 'alarm'}">${verdict} <a href="#coverage">What was read</a></p>`,
    '</header>',
    '<main>',
    '',
  ].join('\n');
}

function item(location: Location): string {
  const open = location.status.status === 'open';
  const details = [standingOf(location), historyOf(location), spellingText(location)];
  if (location.slot !== undefined) details.push(`under ${location.slot}`);
  const told = details.filter((part) => part !== '').map(name);
  const status = `<span class="status${open ? ' alarm' : ''}">${markupText(statusText(location))}</span>`;
  return `<li><code>${name(spotText(location))}</code> ${status}<br><small>${told.join('; ')}</small></li>\n`;
}

function* copies(exposure: Exposure, maxLocations: number): Generator<string, void> {
  let left = maxLocations;
  for (const group of groupByPlace(exposure.locations).values()) {
    const [first] = group;
    if (first === undefined || left <= 0) break;
    yield `<h3>${markupText(first.system)} ${name(first.placeName)}</h3>\n<ul>\n`;
    for (const location of group.slice(0, left)) yield item(location);
    yield '</ul>\n';
    left -= group.length;
  }
  const hidden = exposure.locations.length - maxLocations;
  if (hidden <= 0) return;
  const prefix = exposure.fingerprint.slice(0, shownFingerprintLength);
  yield `<p>${counted(hidden, 'more copy', 'more copies')} left out: <code>sprawl show ${prefix}</code></p>\n`;
}

function* section(
  exposure: Exposure,
  maxLocations: number,
  conditions: SecretConditions | undefined,
): Generator<string, void> {
  const prefix = exposure.fingerprint.slice(0, shownFingerprintLength);
  const kind = exposure.labels[0]?.kind ?? 'unknown';
  const facts = [
    exposure.status,
    `confidence ${exposure.confidence}`,
    previewText(exposure),
    counted(exposure.locationCount, 'copy', 'copies'),
    counted(exposure.places.length, 'place'),
    exposure.live ? 'live' : 'not live',
    `first seen ${exposure.firstSeen.slice(0, 10)}`,
  ];
  yield `<section id="secret-${prefix}">\n<h2>${markupText(kind)} <code>${prefix}</code></h2>\n`;
  yield `<p>${markupText(facts.join(', '))}</p>\n`;
  if (conditions !== undefined && conditions.conditions.length > 0) {
    const known = [conditions.conditions.join(', '), controlText(conditions)].filter((part) => part !== '');
    yield `<p>Conditions: ${markupText(known.join('; '))}</p>\n`;
  }
  yield* copies(exposure, maxLocations);
  yield '</section>\n';
}

function list(heading: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  const items = lines.map((line) => `<li>${name(line)}</li>\n`).join('');
  return `<h3>${heading}</h3>\n<ul>\n${items}</ul>\n`;
}

export async function* htmlReport(input: ReportInput, options: RenderOptions): AsyncGenerator<string, void> {
  const { receipt, coverage, generatedAt } = input;
  yield head(input);
  const counter = new ResultCounter();
  for await (const exposure of input.exposures) {
    counter.add(exposure);
    yield* section(exposure, options.maxLocations, input.conditions?.of(exposure.fingerprint));
  }
  const { secrets, open } = counter.counts;
  if (secrets === 0) yield '<p>No secret in this report.</p>\n';
  yield `<section id="coverage">\n<h2>Coverage</h2>\n`;
  yield `<p>${counted(secrets, 'secret')}, ${grouped(open)} open. `;
  yield isComplete(input) ? 'Coverage is complete.</p>\n' : 'Coverage is <strong>incomplete</strong>.</p>\n';
  yield list('This scan', receipt === undefined ? [] : receiptLines(receipt));
  yield list('What could not be read', problemLines(receipt?.problems ?? []));
  yield list(
    'Places',
    coverage.map((place) => coverageLine(place, generatedAt)),
  );
  yield '</section>\n</main>\n</body>\n</html>\n';
}
