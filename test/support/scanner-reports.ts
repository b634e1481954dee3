/** Reports as the tools write them, about one value in one file. */

export interface Reported {
  readonly value: string;
  readonly path: string;
  readonly line: number;
  readonly commit?: string;
  /** The line that holds the value. */
  readonly text?: string;
}

const when = '2023-11-14T22:14:20Z';

export function gitleaksFinding({
  value,
  path,
  line,
  commit = '',
  text = value,
}: Reported): Record<string, unknown> {
  return {
    RuleID: 'some-rule',
    Description: 'Found something.',
    StartLine: line,
    EndLine: line,
    StartColumn: 5,
    EndColumn: 5 + value.length,
    Match: text,
    Secret: value,
    File: path,
    SymlinkFile: '',
    Commit: commit,
    Entropy: 4.2,
    Author: commit === '' ? '' : 'Ana Writer',
    Email: commit === '' ? '' : 'ana@example.org',
    Date: commit === '' ? '' : when,
    Message: commit === '' ? '' : 'add',
    Tags: [],
    Fingerprint: `${path}:some-rule:${line}`,
  };
}

export function trufflehogLine(
  { value, path, line, commit = '' }: Reported,
  repository: string,
  more: Readonly<Record<string, unknown>> = {},
): string {
  return JSON.stringify({
    SourceMetadata: {
      Data: {
        Git: {
          commit,
          file: path,
          email: 'Ana Writer <ana@example.org>',
          repository,
          timestamp: '2023-11-14 22:14:20 +0000',
          line,
        },
      },
    },
    SourceID: 1,
    SourceType: 16,
    SourceName: 'trufflehog - git',
    DetectorType: 17,
    DetectorName: 'Some',
    DecoderName: 'PLAIN',
    Verified: false,
    Raw: value,
    RawV2: '',
    Redacted: '',
    ExtraData: null,
    StructuredData: null,
    ...more,
  });
}

export function detectSecretsBaseline(path: string, line: number, sha1: string): string {
  const entry = {
    type: 'Secret Keyword',
    filename: path,
    hashed_secret: sha1,
    is_verified: false,
    line_number: line,
  };
  return JSON.stringify({
    version: '1.5.0',
    plugins_used: [],
    filters_used: [],
    results: { [path]: [entry] },
    generated_at: when,
  });
}

export function kingfisherMatch(
  { value, path, line, commit }: Reported,
  repository: string,
): Record<string, unknown> {
  return {
    rule: { name: 'Some', id: 'kingfisher.some.1' },
    finding: {
      snippet: value,
      fingerprint: '1',
      confidence: 'medium',
      entropy: '4.20',
      validation: { status: 'Active Credential', response: '' },
      language: 'Unknown',
      line,
      column_start: 4,
      column_end: 4 + value.length,
      path: commit === undefined ? path : '',
      git_metadata:
        commit === undefined
          ? null
          : {
              repository_url: repository,
              commit: {
                id: commit,
                url: '',
                date: when,
                committer: { name: 'Ana Writer', email: 'ana@example.org' },
              },
              file: { path, url: '', git_command: '' },
            },
    },
  };
}

export function noseyParkerFinding(
  { value, path, line, commit, text = value }: Reported,
  repository: string,
): Record<string, unknown> {
  const author = {
    author_name: 'Ana Writer',
    author_email: 'ana@example.org',
    author_timestamp: '1700000060 +0100',
  };
  const provenance =
    commit === undefined
      ? { kind: 'file', path }
      : {
          kind: 'git_repo',
          repo_path: repository,
          first_commit: {
            blob_path: path,
            commit_metadata: { commit_id: commit, message: 'add', ...author },
          },
        };
  const group = Buffer.from(value).toString('base64');
  const [before = '', after = ''] = text.split(value);
  return {
    finding_id: '1',
    rule_name: 'Some',
    rule_text_id: 'np.some.1',
    rule_structural_id: '2',
    groups: [group],
    num_matches: 1,
    matches: [
      {
        provenance: [provenance],
        blob_id: '0'.repeat(40),
        blob_metadata: { id: '0'.repeat(40), num_bytes: 10 },
        location: {
          offset_span: { start: 4, end: 4 + value.length },
          source_span: { start: { line, column: 5 }, end: { line, column: 4 + value.length } },
        },
        groups: [group],
        snippet: { before, matching: value, after },
        rule_name: 'Some',
        rule_text_id: 'np.some.1',
      },
    ],
  };
}

export function ggshieldReport({ value, path, line, commit }: Reported): Record<string, unknown> {
  const occurrence = {
    match: value,
    type: 'apikey',
    line_start: line,
    line_end: line,
    index_start: 4,
    index_end: 9,
  };
  const incident = {
    policy: 'Secrets detection',
    type: 'Some Key',
    validity: 'valid',
    occurrences: [occurrence],
  };
  const entities = [
    { mode: 'FILE', filename: path, incidents: [incident], total_incidents: 1, total_occurrences: 1 },
  ];
  const extra = { author: 'Ana Writer', email: 'ana@example.org', date: when };
  const scan = { id: commit, type: 'commit', extra_info: extra, entities_with_incidents: entities };
  return commit === undefined
    ? {
        id: 'x',
        type: 'path_scan',
        entities_with_incidents: entities,
        total_incidents: 1,
        total_occurrences: 1,
      }
    : { id: 'x', type: 'commit-range', scans: [scan], total_incidents: 1, total_occurrences: 1 };
}

export function sarifReport(
  tool: string,
  { value, path, line, commit, text }: Reported,
): Record<string, unknown> {
  const region = {
    startLine: line,
    startColumn: 5,
    endLine: line,
    endColumn: 9,
    snippet: { text: text ?? value },
  };
  const location = { physicalLocation: { artifactLocation: { uri: path }, region } };
  const prints =
    commit === undefined
      ? {}
      : { commitSha: commit, author: 'Ana Writer', email: 'ana@example.org', date: when };
  const result = {
    ruleId: 'some-rule',
    message: { text: 'found' },
    locations: [location],
    partialFingerprints: prints,
  };
  return { version: '2.1.0', runs: [{ tool: { driver: { name: tool } }, results: [result] }] };
}

export function secretlintFile({ value, path, line, text = value }: Reported): Record<string, unknown> {
  const source = `${'\n'.repeat(line - 1)}${text}\n`;
  const start = source.indexOf(value);
  const column = start - (line - 1);
  return {
    filePath: path,
    sourceContent: source,
    sourceContentType: 'text',
    messages: [
      {
        type: 'message',
        ruleId: '@secretlint/secretlint-rule-some',
        ruleParentId: '@secretlint/secretlint-rule-preset-recommend',
        messageId: 'SOME',
        message: 'found some: ****',
        data: { KEY: '****' },
        severity: 'error',
        range: [start, start + value.length],
        loc: { start: { line, column }, end: { line, column: column + value.length } },
      },
    ],
  };
}
