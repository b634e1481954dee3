/** Markdown for tickets and wikis: a table of secrets, then a table of copies for each. */
import type { Exposure } from '../model/exposure.js';
import { shownFingerprintLength } from '../model/ids.js';
import { ResultCounter } from './counter.js';
import { historyOf, spellingText, spotText, standingOf, statusText } from './location-text.js';
import { coverageLine, receiptLines } from './receipt-text.js';
import { isComplete } from './records.js';
import type { RenderOptions, ReportInput } from './report-input.js';
import { counted, grouped, markdownText } from './safe-text.js';
import { controlText, type SecretConditions } from './secret-conditions.js';
import { previewText } from './text.js';

function row(cells: readonly string[]): string {
  return `| ${cells.map(markdownText).join(' | ')} |\n`;
}

function* section(
  exposure: Exposure,
  maxLocations: number,
  conditions: SecretConditions | undefined,
): Generator<string, void> {
  const fingerprint = exposure.fingerprint.slice(0, shownFingerprintLength);
  const kind = exposure.labels[0]?.kind ?? 'unknown';
  yield `## ${fingerprint} ${markdownText(kind)}\n\n`;
  const facts = [
    `confidence ${exposure.confidence}`,
    exposure.status,
    previewText(exposure),
    counted(exposure.locationCount, 'copy', 'copies'),
    counted(exposure.places.length, 'place'),
    exposure.live ? 'live' : 'not live',
  ];
  yield `${markdownText(facts.join(', '))}\n\n`;
  if (conditions !== undefined && conditions.conditions.length > 0) {
    const known = [conditions.conditions.join(', '), controlText(conditions)].filter((part) => part !== '');
    yield `Conditions: ${markdownText(known.join('; '))}\n\n`;
  }
  yield '| place | where | how it stands there | spelling | status |\n|---|---|---|---|---|\n';
  for (const location of exposure.locations.slice(0, maxLocations)) {
    yield row([
      location.placeName,
      spotText(location),
      [standingOf(location), historyOf(location)].filter((part) => part !== '').join(', '),
      spellingText(location) || 'plain',
      statusText(location),
    ]);
  }
  const left = exposure.locations.length - maxLocations;
  if (left > 0) yield `\n${counted(left, 'more copy', 'more copies')} left out.\n`;
  yield '\n';
}

export async function* markdownReport(
  input: ReportInput,
  options: RenderOptions,
): AsyncGenerator<string, void> {
  yield `# Secrets and where they stand\n\nMade by sprawl ${markdownText(input.version)}, ${input.generatedAt}.\n\n`;
  const counter = new ResultCounter();
  for await (const exposure of input.exposures) {
    counter.add(exposure);
    yield* section(exposure, options.maxLocations, input.conditions?.of(exposure.fingerprint));
  }
  const { secrets, open } = counter.counts;
  yield `## Coverage\n\n${counted(secrets, 'secret')}, ${grouped(open)} open. `;
  yield isComplete(input) ? 'Coverage is complete.\n\n' : 'Coverage is **incomplete**.\n\n';
  const lines = input.receipt === undefined ? [] : receiptLines(input.receipt);
  for (const line of lines) yield `- ${markdownText(line)}\n`;
  for (const place of input.coverage) yield `- ${markdownText(coverageLine(place, input.generatedAt))}\n`;
}
