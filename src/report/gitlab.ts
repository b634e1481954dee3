/**
 * GitLab's report of secret detection, schema 15.0.7: what `artifacts:reports:secret_detection` takes. One vulnerability
 * a copy. GitLab knows no suppressed findings, so a copy that is not open has the severity `Info` and says its status.
 */
import type { Exposure, Location, PlaceCoverage } from '../model/exposure.js';
import { gitlabVulnerability } from './gitlab-vulnerability.js';
import { CopyNumbers } from './location-fingerprint.js';
import { coverageLine, problemLines, receiptLines } from './receipt-text.js';
import { isComplete } from './records.js';
import type { ReportInput } from './report-input.js';

const schemaVersion = '15.0.7';
const schemaUri = `https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/v${schemaVersion}/dist/secret-detection-report-format.json`;

/** The schema takes times in UTC without fractions and without the `Z`. */
function plainTime(time: string): string {
  return time.slice(0, 'yyyy-mm-ddThh:mm:ss'.length);
}

/** Since when what is reported holds: the oldest reading of a place. */
function startOf({ coverage, generatedAt }: ReportInput): string {
  let start = generatedAt;
  for (const { lastScan } of coverage) if (lastScan !== undefined && lastScan < start) start = lastScan;
  return start;
}

interface Message {
  readonly level: 'info' | 'warn' | 'fatal';
  readonly value: string;
}

function messages(input: ReportInput): Message[] {
  const { receipt, coverage, generatedAt } = input;
  const told = (level: Message['level']) => (value: string) => ({ level, value });
  const placeMessage = (place: PlaceCoverage): Message =>
    told(place.complete ? 'info' : 'warn')(coverageLine(place, generatedAt));
  const whole: Message[] = isComplete(input)
    ? []
    : [
        {
          level: receipt?.interrupted === true ? 'fatal' : 'warn',
          value: 'Coverage is incomplete: what was not read may hold more copies.',
        },
      ];
  return [
    ...whole,
    ...problemLines(receipt?.problems ?? []).map(told('warn')),
    ...(receipt === undefined ? [] : receiptLines(receipt)).map(told('info')),
    ...coverage.map(placeMessage),
  ];
}

function scanOf(input: ReportInput): object {
  const tool = { id: 'sprawl', name: 'sprawl', version: input.version, vendor: { name: 'sprawl' } };
  return {
    analyzer: tool,
    scanner: tool,
    type: 'secret_detection',
    start_time: plainTime(startOf(input)),
    end_time: plainTime(input.generatedAt),
    status: isComplete(input) ? 'success' : 'failure',
    messages: messages(input),
  };
}

function* vulnerabilities(exposure: Exposure, input: ReportInput): Generator<object, void> {
  const numbers = new CopyNumbers();
  const conditions = input.conditions?.of(exposure.fingerprint);
  const one = (location: Location): object =>
    gitlabVulnerability(exposure, location, numbers.next(location), conditions);
  for (const location of exposure.locations) yield one(location);
}

export async function* gitlabReport(input: ReportInput): AsyncGenerator<string, void> {
  const head = JSON.stringify({ version: schemaVersion, schema: schemaUri });
  yield `${head.slice(0, -1)},"vulnerabilities":[`;
  let separator = '\n';
  for await (const exposure of input.exposures) {
    for (const vulnerability of vulnerabilities(exposure, input)) {
      yield separator + JSON.stringify(vulnerability);
      separator = ',\n';
    }
  }
  yield `\n],${JSON.stringify({ scan: scanOf(input) }).slice(1)}\n`;
}
