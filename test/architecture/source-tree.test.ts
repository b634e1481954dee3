/** Rules of the source tree that no import checker sees. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

function sourceFiles(folder = join(root, 'src')): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

const sources = sourceFiles().map((path) => ({
  name: relative(join(root, 'src'), path).replaceAll('\\', '/'),
  tree: ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true),
}));

/** Names of all files that hold a node which passes. */
function filesWith(passes: (node: ts.Node) => boolean): string[] {
  const found = new Set<string>();
  for (const { name, tree } of sources) {
    const visit = (node: ts.Node): void => {
      if (passes(node)) found.add(name);
      ts.forEachChild(node, visit);
    };
    visit(tree);
  }
  return [...found].sort();
}

function isCallOf(node: ts.Node, method: string): boolean {
  return (
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === method
  );
}

function isUseOf(node: ts.Node, object: string, member: RegExp): boolean {
  return (
    ts.isPropertyAccessExpression(node) &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === object &&
    member.test(node.name.text)
  );
}

describe('values', () => {
  it('are unwrapped only where they are analysed, and where stdin is read', () => {
    const callers = filesWith(
      (node) => isCallOf(node, 'reveal') && (node as ts.CallExpression).arguments.length === 0,
    );
    const allowed = [
      // Values given on stdin: the key itself, a text to try rules on, a value to be fingerprinted.
      'cli/commands/fingerprint.ts',
      'cli/commands/key.ts',
      'cli/commands/rules.ts',
      'cli/commands/scan.ts',
      'cli/rotation/actions/step.ts',
      'cli/where-sources.ts',
    ];
    expect(callers.filter((name) => !/^(?:detect|identity)\//.test(name) && !allowed.includes(name))).toEqual(
      [],
    );
  });
});

describe('side effects', () => {
  it('console is used nowhere', () => {
    expect(filesWith((node) => isUseOf(node, 'console', /./))).toEqual([]);
  });

  it('the process ends, prints and reads its arguments only at the entry', () => {
    // The three build-*.ts are steps of the build.
    expect(filesWith((node) => isUseOf(node, 'process', /^(?:exit|abort|argv|exitCode)$/))).toEqual([
      'cli/bin.ts',
      'cli/build-provider-facts.ts',
      'cli/hook-start.ts',
      'detect/guesses/build-words.ts',
      'prefilter/build-bundle.ts',
    ]);
    expect(filesWith((node) => isUseOf(node, 'process', /^(?:stdout|stderr)$/))).toEqual([]);
  });

  it('the clock and chance stay out of what must be repeatable', () => {
    const pure = /^(?:model|text|prefilter|detect|report|identity)\//;
    const users = filesWith(
      (node) =>
        isUseOf(node, 'Math', /^random$/) ||
        isUseOf(node, 'Date', /^now$/) ||
        (ts.isNewExpression(node) &&
          node.expression.getText() === 'Date' &&
          (node.arguments ?? []).length === 0),
    );
    expect(users.filter((name) => pure.test(name))).toEqual([]);
  });

  it('no code is made at run time and no shell is started', () => {
    const made = filesWith(
      (node) =>
        (ts.isCallExpression(node) && node.expression.getText() === 'eval') ||
        (ts.isNewExpression(node) && node.expression.getText() === 'Function') ||
        (ts.isPropertyAssignment(node) && node.name.getText() === 'shell') ||
        (ts.isCallExpression(node) && /^(?:exec|execSync)$/.test(node.expression.getText())),
    );
    expect(made).toEqual([]);
  });

  it('nothing connects to a network', () => {
    const modules = /^(?:node:)?(?:net|tls|http|https|http2|dgram|dns|undici)(?:\/|$)/;
    const users = filesWith(
      (node) =>
        (ts.isImportDeclaration(node) &&
          ts.isStringLiteral(node.moduleSpecifier) &&
          modules.test(node.moduleSpecifier.text)) ||
        (ts.isCallExpression(node) && node.expression.getText() === 'fetch'),
    );
    expect(users).toEqual([]);
  });
});

describe('the public surface', () => {
  it('is this list', () => {
    const index = sources.find(({ name }) => name === 'index.ts');
    const values: string[] = [];
    const types: string[] = [];
    for (const statement of index?.tree.statements ?? []) {
      if (!ts.isExportDeclaration(statement)) throw new Error('only re-exports by name belong here');
      if (statement.exportClause === undefined || !ts.isNamedExports(statement.exportClause))
        throw new Error('a star export makes everything public');
      for (const element of statement.exportClause.elements)
        (statement.isTypeOnly || element.isTypeOnly ? types : values).push(element.name.text);
    }
    expect(values.sort()).toMatchInlineSnapshot(`
      [
        "ProblemError",
        "deriveKeys",
        "fingerprint",
        "fingerprints",
        "ingestReport",
        "loadOrCreateKey",
        "openDatabase",
        "parseFingerprint",
        "parseKindId",
        "parsePlaceKey",
        "parseRuleId",
        "readExport",
        "readKeyFile",
        "scan",
        "scanEvents",
        "textHasher",
      ]
    `);
    expect(types.sort()).toMatchInlineSnapshot(`
      [
        "AllowEntry",
        "Appearance",
        "Attribute",
        "Audience",
        "CheckResult",
        "CommitFacts",
        "CommitId",
        "Confidence",
        "ExportRecord",
        "Exposure",
        "FatalProblem",
        "FileAppearance",
        "Fingerprint",
        "GitBlobAppearance",
        "GitTextAppearance",
        "IdentityKeys",
        "IngestReportOptions",
        "IngestedReport",
        "InputProblem",
        "KindId",
        "KindLabel",
        "KnownAnchor",
        "LoadedKey",
        "Location",
        "LocationKind",
        "OpenOptions",
        "PathName",
        "PeopleMode",
        "Person",
        "Place",
        "PlaceCoverage",
        "PlaceKey",
        "Position",
        "ReadExportOptions",
        "ReadRecord",
        "Receipt",
        "RecordAppearance",
        "RecordText",
        "Relation",
        "RelationKind",
        "ReportSummary",
        "RootCopy",
        "RootReading",
        "RuleId",
        "ScanDeps",
        "ScanEvent",
        "ScanOptions",
        "ScanResult",
        "ScanStreamDeps",
        "ScanStreamEvent",
        "SecretFilter",
        "SecretSummary",
        "SkipReason",
        "Span",
        "Spelling",
        "Status",
        "StatusDetail",
        "Store",
        "StoreStats",
        "System",
        "View",
      ]
    `);
  });

  it('exports names only', () => {
    const defaults = filesWith(
      (node) =>
        ts.isExportAssignment(node) ||
        (ts.canHaveModifiers(node) &&
          (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)),
    );
    expect(defaults).toEqual([]);
  });
});
