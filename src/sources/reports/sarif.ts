/** SARIF 2.1.0 of any tool. A snippet is a value when its tool says so by habit, and else text in which one may stand. */
import { defined } from '../exports/defined.js';
import type { ReportedSpot, ReportNode, ReportReader, ReportRow, ReportSink } from './contract.js';
import { commitOf, Fields, isMasked, isObject, secretOf } from './fields.js';

/** Tools whose snippet is the value and nothing else. */
const valueSnippets: ReadonlySet<string> = new Set(['gitleaks', 'betterleaks', 'kingfisher']);

function toolOf(run: Fields): string {
  const name = run.object('tool')?.object('driver')?.text('name') ?? '';
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return words.slice(0, 4).join('-').slice(0, 40) || 'sarif';
}

/** Paths are URIs: percent-encoded, and absolute ones with a scheme. */
function pathOf(uri: string | undefined): string | undefined {
  if (uri === undefined) return undefined;
  const path = uri.replace(/^file:\/\/[^/]*/i, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

interface RunFacts {
  readonly tool: string;
  readonly repository?: string;
}

function spotOf(location: Fields | undefined, result: Fields, run: RunFacts): ReportedSpot {
  const physical = location?.object('physicalLocation');
  const region = physical?.object('region');
  const prints = result.object('partialFingerprints');
  const name = prints?.text('author');
  const email = prints?.text('email');
  return defined<ReportedSpot>({
    repository: run.repository,
    path: pathOf(physical?.object('artifactLocation')?.text('uri')),
    line: region?.count('startLine'),
    column: region?.count('startColumn'),
    endLine: region?.count('endLine'),
    endColumn: region?.count('endColumn'),
    ...commitOf(prints?.text('commitSha')),
    author: name === undefined && email === undefined ? undefined : { name: name ?? '', email: email ?? '' },
    date: prints?.text('date'),
  });
}

function snippetOf(location: Fields | undefined): { snippet?: string; around?: string } {
  const physical = location?.object('physicalLocation');
  const snippet = physical?.object('region')?.object('snippet')?.text('text');
  const around = physical?.object('contextRegion')?.object('snippet')?.text('text');
  return defined({ snippet, around });
}

function textsOf(
  location: Fields | undefined,
  { tool }: RunFacts,
): Pick<ReportRow, 'values' | 'context' | 'hidden'> {
  const { snippet, around } = snippetOf(location);
  if (snippet === undefined) return { values: [], hidden: 'absent' };
  if (isMasked(snippet)) return { values: [], hidden: 'redacted' };
  if (!valueSnippets.has(tool)) return { values: [], context: secretOf(snippet) };
  return { values: [secretOf(snippet)], ...(around === undefined ? {} : { context: secretOf(around) }) };
}

function readResult(node: ReportNode, run: RunFacts, sink: ReportSink): void {
  const result = new Fields(node.value, node.where, sink);
  const rule = result.text('ruleId') ?? result.object('rule')?.text('id') ?? 'unnamed';
  const locations = result.list('locations').map(({ value, where }) => new Fields(value, where, sink));
  const rows: ReportRow[] = [];
  for (const location of locations.length === 0 ? [undefined] : locations) {
    const spot = spotOf(location, result, run);
    rows.push({ tool: run.tool, rule, where: node.where, ...textsOf(location, run), spot });
  }
  if (result.isBroken || locations.some(({ isBroken }) => isBroken)) return;
  for (const row of rows) sink.row(row);
}

export const sarif: ReportReader = {
  name: 'SARIF',
  recognises: (value) =>
    isObject(value) && Array.isArray(value['runs']) && typeof value['version'] === 'string',
  read({ value, where }: ReportNode, sink: ReportSink): void {
    for (const { value: given, where: at } of new Fields(value, where, sink).list('runs')) {
      const run = new Fields(given, at, sink);
      const provenance = run.list('versionControlProvenance')[0];
      const repository =
        provenance === undefined
          ? undefined
          : new Fields(provenance.value, provenance.where, sink).text('repositoryUri');
      const facts = defined<RunFacts>({ tool: toolOf(run), repository });
      for (const result of run.list('results')) readResult(result, facts, sink);
    }
  },
};
