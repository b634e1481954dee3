/** What JUnit's XML calls test cases: one a copy of a secret, and those of coverage. */
import type { Exposure, Location } from '../model/exposure.js';
import { shownFingerprintLength } from '../model/ids.js';
import {
  commitOf,
  fullPathOf,
  historyOf,
  spellingText,
  spotText,
  standingOf,
  statusText,
} from './location-text.js';
import { coverageLine, problemLines, receiptLines } from './receipt-text.js';
import { isComplete } from './records.js';
import type { ReportInput } from './report-input.js';
import { controlText, type SecretConditions } from './secret-conditions.js';
import { previewText } from './text.js';

export type Outcome = 'passed' | 'failure' | 'error' | 'skipped';

export interface TestCase {
  readonly className: string;
  readonly name: string;
  readonly file?: string;
  readonly outcome: Outcome;
  /** One line. */
  readonly message: string;
  /** Of failures and errors, line by line. */
  readonly details: readonly string[];
}

/** Open copies fail, vanished ones pass, what somebody or something accepted is skipped. */
export function outcomeOf(location: Location): Outcome {
  const { status } = location.status;
  if (status === 'open') return 'failure';
  return status === 'vanished' ? 'passed' : 'skipped';
}

/** Without line and column: a CI system compares the tests of two runs by name. */
function nameOf(location: Location, number: number): string {
  const spot = spotText(location).replace(/:\d+:\d+$/, '');
  const commit = commitOf(location.appearance)?.id;
  const details = [standingOf(location), spellingText(location), commit && `commit ${commit}`];
  const told = details.filter((part) => part !== '' && part !== undefined).join(', ');
  return `${location.placeName}: ${spot} (${told})${number === 0 ? '' : `, copy ${number + 1}`}`;
}

/** `number` counts the copies before it that nothing but their position tells apart. */
export function copyCase(
  exposure: Exposure,
  location: Location,
  number: number,
  conditions: SecretConditions | undefined,
): TestCase {
  const prefix = exposure.fingerprint.slice(0, shownFingerprintLength);
  const path = fullPathOf(location);
  const known = conditions === undefined ? [] : [conditions.conditions.join(', '), controlText(conditions)];
  const isOpen = location.status.status === 'open';
  return {
    className: `${location.kind}.${prefix}`,
    name: nameOf(location, number),
    ...(path !== '' && { file: path }),
    outcome: outcomeOf(location),
    message: isOpen
      ? `secret ${prefix} of kind ${location.kind} at ${spotText(location)}`
      : statusText(location),
    details: [
      `secret ${prefix} of kind ${location.kind} (${previewText(exposure)}), confidence ${location.confidence}`,
      `${location.placeName}: ${spotText(location)}`,
      historyOf(location),
      ...known,
      `all copies: sprawl show ${prefix}`,
    ].filter((line) => line !== ''),
  };
}

/** What was not read is an error: an incomplete scan without findings must be no green run. */
export function coverageCases(input: ReportInput): TestCase[] {
  const { receipt, coverage, generatedAt } = input;
  const className = 'sprawl.coverage';
  const whole: TestCase = {
    className,
    name: 'everything was read',
    outcome: isComplete(input) ? 'passed' : 'error',
    message: 'Coverage is incomplete: what was not read may hold more copies.',
    details: [
      ...(receipt === undefined ? [] : receiptLines(receipt)),
      ...problemLines(receipt?.problems ?? []),
    ],
  };
  const places = coverage.map(
    (place): TestCase => ({
      className,
      name: `${place.placeName} (${place.place})`,
      outcome: place.complete ? 'passed' : 'error',
      message: coverageLine(place, generatedAt),
      details: [],
    }),
  );
  return [whole, ...places];
}
