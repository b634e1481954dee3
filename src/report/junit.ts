/**
 * JUnit's XML, for CI systems that show tests and nothing else. One suite a secret and one test case a copy; the last
 * suite is about coverage. Counts stand at the suites and not at the root, which is written before they are known.
 */
import { shownFingerprintLength } from '../model/ids.js';
import { copyCase, coverageCases, type Outcome, outcomeOf, type TestCase } from './junit-cases.js';
import { CopyNumbers } from './location-fingerprint.js';
import type { ReportInput } from './report-input.js';
import { markupText } from './safe-text.js';

function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${markupText(String(value))}"`))
    .join('');
}

function caseText(test: TestCase): string {
  const head = attributes({ classname: test.className, name: test.name, file: test.file, time: '0' });
  const message = attributes({ message: test.message });
  switch (test.outcome) {
    case 'passed':
      return `    <testcase${head}/>\n`;
    case 'skipped':
      return `    <testcase${head}><skipped${message}/></testcase>\n`;
    default: {
      const type = test.outcome === 'failure' ? 'open' : 'incomplete';
      const body = test.details.map(markupText).join('\n');
      return `    <testcase${head}><${test.outcome}${message} type="${type}">${body}</${test.outcome}></testcase>\n`;
    }
  }
}

/** The counts come first, the cases one by one: one secret can have a million copies. */
function* suite(
  name: string,
  outcomes: readonly Outcome[],
  cases: Iterable<TestCase>,
  input: ReportInput,
): Generator<string, void> {
  const counts: Record<Outcome, number> = { passed: 0, failure: 0, error: 0, skipped: 0 };
  for (const outcome of outcomes) counts[outcome]++;
  const head = attributes({
    name,
    tests: outcomes.length,
    failures: counts.failure,
    errors: counts.error,
    skipped: counts.skipped,
    time: '0',
    timestamp: input.generatedAt.slice(0, 'yyyy-mm-ddThh:mm:ss'.length),
  });
  yield `  <testsuite${head}>\n`;
  for (const test of cases) yield caseText(test);
  yield '  </testsuite>\n';
}

export async function* junitReport(input: ReportInput): AsyncGenerator<string, void> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="sprawl">\n';
  for await (const exposure of input.exposures) {
    const numbers = new CopyNumbers();
    const conditions = input.conditions?.of(exposure.fingerprint);
    const cases = function* (): Generator<TestCase, void> {
      for (const location of exposure.locations) {
        yield copyCase(exposure, location, numbers.next(location).number, conditions);
      }
    };
    const kind = exposure.labels[0]?.kind ?? 'unknown';
    const prefix = exposure.fingerprint.slice(0, shownFingerprintLength);
    yield* suite(`secret ${prefix} ${kind}`, exposure.locations.map(outcomeOf), cases(), input);
  }
  const coverage = coverageCases(input);
  yield* suite(
    'coverage',
    coverage.map(({ outcome }) => outcome),
    coverage,
    input,
  );
  yield '</testsuites>\n';
}
