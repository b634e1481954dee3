/**
 * Scores the built engine on labelled texts: `node scripts/eval-cases.mjs CASES.jsonl [flags]`.
 *
 * One JSON object a line: `id`, `suite`, `rule`, `text`, `expected` (the strings to find; none in a negative),
 * `kind` (`positive` or `negative`), `category`. Prints recall and false alarms per suite, category and rule,
 * then the misses and alarms by id. Values and texts are printed with `--show` only.
 *
 * An expected string counts as found when a finding has its fingerprint, lies within it (the password of a
 * URL) or covers it. `exact` counts those whose value is the expected string to the byte. `beside` counts the
 * strings that are no secret but the user, host or server of one that was found: labels taken from a capture
 * group name them where the password next to them is what matters.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createAnalyzer } from '../dist/detect/create-analyzer.js';
import { deriveKeys, fingerprint } from '../dist/index.js';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    suite: { type: 'string' },
    category: { type: 'string' },
    rule: { type: 'string' },
    id: { type: 'string' },
    show: { type: 'boolean', default: false },
    low: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    'by-rule': { type: 'boolean', default: false },
  },
});
const [file] = positionals;
if (file === undefined) {
  console.error(
    'usage: eval-cases.mjs CASES.jsonl [--suite S] [--category C] [--rule R] [--id I] [--by-rule] [--low] [--show] [--json]',
  );
  process.exit(2);
}

const rules = JSON.parse(readFileSync(new URL('../dist/rules.json', import.meta.url), 'utf8'));
const keys = deriveKeys(Buffer.alloc(32, 1));
const analyzer = createAnalyzer({ rules, keys, known: new Map() });
const isAlarm = (finding) => finding.confidence !== 'low' && finding.knownPublic === undefined;

const cases = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => JSON.parse(line))
  .filter((one) =>
    ['suite', 'category', 'rule', 'id'].every(
      (name) => flags[name] === undefined || flags[name] === one[name],
    ),
  );

/** A finding that covers every line of an expected text whose lines end otherwise in the document: `\\n` in a string. */
function coveringLines(findings, bytes, expected) {
  const lines = expected.split(/(?:\r?\n|\\+r?\\*n)+/).filter((line) => line.trim().length >= 8);
  if (lines.length < 2) return undefined;
  return findings.find(({ span }) => {
    let from = span.start;
    return lines.every((line) => {
      const at = bytes.indexOf(line.trim(), from);
      if (at < 0 || at + line.trim().length > span.end) return false;
      from = at + line.trim().length;
      return true;
    });
  });
}

/** The best finding for an expected string. */
function findingFor(findings, bytes, expected) {
  const wanted = Buffer.from(expected);
  if (wanted.length === 0) return undefined;
  const print = fingerprint(keys.fingerprint, wanted);
  const exact = findings.find((finding) => finding.fingerprint === print);
  if (exact !== undefined) return { finding: exact, isExact: true };
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) {
    const end = at + wanted.length;
    const touching = findings.filter(
      ({ span }) => (span.start >= at && span.end <= end) || (span.start <= at && span.end >= end),
    );
    const [best] = touching.sort((a, b) => rank(b) - rank(a));
    if (best !== undefined) return { finding: best, isExact: false };
  }
  const block = coveringLines(findings, bytes, expected);
  if (block !== undefined) return { finding: block, isExact: false };
  const named = expected.replace(/^[\\"']+|[\\"']+$|^machine /g, '');
  for (const finding of findings) {
    const from = bytes.lastIndexOf(0x0a, finding.span.start - 1) + 1;
    if (finding.slot === named) return { finding, isExact: false, isBeside: true };
    const isClose =
      finding.account?.includes(named) ||
      bytes.subarray(Math.max(0, from - 200), finding.span.end + 200).includes(Buffer.from(named));
    const isUserOrHost = new RegExp(
      `(?:user|login|uid|host|server|machine|domain|-u\\W|//|@)[^\\n]{0,40}?${named.replace(/\W/g, '\\$&')}`,
      'i',
    ).test(bytes.toString());
    if (isClose && isUserOrHost) return { finding, isExact: false, isBeside: true };
  }
  return undefined;
}

const levels = ['low', 'medium', 'high', 'proven'];
const rank = (finding) => levels.indexOf(finding.confidence);
const labelOf = (finding, bytes) => {
  const value = flags.show
    ? ` ${JSON.stringify(bytes.subarray(finding.span.start, finding.span.end).toString())}`
    : '';
  return `${finding.rule}/${finding.confidence}[${finding.reasons.join(' ')}]${value}`;
};

const table = new Map();
function tally(key) {
  const row = table.get(key) ?? {
    cases: 0,
    strings: 0,
    found: 0,
    firm: 0,
    exact: 0,
    beside: 0,
    alarms: 0,
    lowAlarms: 0,
  };
  table.set(key, row);
  return row;
}

const misses = [];
const lows = [];
const alarms = [];
for (const one of cases) {
  const bytes = Buffer.from(one.text);
  const { findings } = analyzer.analyze({ bytes, chain: [], collectTags: false });
  const rows = [
    tally(`${one.kind} · all`),
    tally(`${one.kind} · ${one.category}`),
    tally(`${one.kind} · ${one.category} · ${one.suite}`),
    ...(flags['by-rule'] ? [tally(`${one.kind} · ${one.category} · ${one.suite} · ${one.rule}`)] : []),
  ];
  const title = `${one.id} ${one.category} ${one.rule}`;
  const text = flags.show ? `\n    ${JSON.stringify(one.text.slice(0, 400))}` : '';
  for (const row of rows) row.cases++;
  if (one.kind === 'negative') {
    const firm = findings.filter(isAlarm);
    for (const row of rows) {
      if (firm.length > 0) row.alarms++;
      else if (findings.length > 0) row.lowAlarms++;
    }
    if (firm.length > 0)
      alarms.push(`${title}: ${firm.map((finding) => labelOf(finding, bytes)).join(', ')}${text}`);
    continue;
  }
  for (const expected of one.expected) {
    const hit = findingFor(findings, bytes, expected);
    for (const row of rows) {
      row.strings++;
      if (hit === undefined) continue;
      row.found++;
      if (hit.isExact) row.exact++;
      if (hit.isBeside) row.beside++;
      if (rank(hit.finding) >= 1) row.firm++;
    }
    const seen = findings.map((finding) => labelOf(finding, bytes)).join(', ');
    if (hit === undefined)
      misses.push(`${title}: ${flags.show ? JSON.stringify(expected) : ''} got ${seen || 'nothing'}${text}`);
    else if (rank(hit.finding) < 1) lows.push(`${title}: ${labelOf(hit.finding, bytes)}${text}`);
  }
}

const percent = (part, whole) => (whole === 0 ? '' : `${((100 * part) / whole).toFixed(1)} %`);
if (flags.json) {
  console.log(JSON.stringify({ table: Object.fromEntries(table), misses, alarms }, null, 1));
} else {
  for (const [key, row] of [...table].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const figures =
      row.strings > 0
        ? `found ${row.found}/${row.strings} ${percent(row.found, row.strings)}, medium or higher ${percent(row.firm, row.strings)}, exact ${percent(row.exact, row.strings)}, beside ${row.beside}`
        : `alarms ${row.alarms}/${row.cases} ${percent(row.alarms, row.cases)}, low only ${row.lowAlarms}`;
    console.log(`${key}: ${figures}`);
  }
  const sums = new Map();
  for (const [key, row] of table) {
    const [, , suite] = key.split(' · ');
    if (suite === undefined || key.split(' · ').length > 3) continue;
    const sum = sums.get(suite) ?? { strings: 0, found: 0, alarms: 0 };
    sums.set(suite, {
      strings: sum.strings + row.strings,
      found: sum.found + row.found,
      alarms: sum.alarms + row.alarms,
    });
  }
  for (const [suite, { strings, found, alarms: wrong }] of sums) {
    if (found === 0) continue;
    const recall = found / strings;
    const precision = found / (found + wrong);
    console.log(
      `${suite}: recall ${recall.toFixed(3)}, precision ${precision.toFixed(3)}, F1 ${((2 * precision * recall) / (precision + recall)).toFixed(3)}`,
    );
  }
  const list = (title, lines) => {
    if (lines.length > 0) console.log(`\n${title} (${lines.length})\n  ${lines.join('\n  ')}`);
  };
  list('MISSES', misses);
  if (flags.low) list('LOW', lows);
  list('FALSE ALARMS', alarms);
}
