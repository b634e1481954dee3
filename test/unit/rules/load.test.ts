import { describe, expect, test } from 'vitest';
import { parseKinds, parseRuleFile, refuseFaults } from '../../../src/rules/load.js';
import { faultText } from '../../../src/rules/rule-source.js';

const good = `provider: Acme
rules:
  - id: acme-key
    name: Acme key
    token: 'acme_[0-9a-f]{32}'
    keywords: [{exact: 'acme_'}]
    confidence: high
    references: ['https://acme.example/docs']
    examples: ['ACME_KEY={{token}}']
    negatives: ['ACME_KEY=acme_<key>']
`;

/** Faults of the good file with one line replaced. */
function faultsWith(line: string, instead: string): string[] {
  expect(good).toContain(line);
  return parseRuleFile('acme.yaml', good.replace(line, instead)).faults.map(faultText);
}

describe('parseRuleFile', () => {
  test('reads a rule and fills in what a file may leave out', () => {
    const { rules, faults } = parseRuleFile('acme.yaml', good);
    expect(faults).toEqual([]);
    expect(rules).toHaveLength(1);
    expect(rules[0]).toMatchObject({
      file: 'acme.yaml',
      line: 3,
      provider: 'Acme',
      id: 'acme-key',
      kind: 'acme-key',
      stage: 'stable',
      locality: 'local',
      preview: true,
      identifierOnly: false,
      recognition: { by: 'token', border: 'A-Za-z0-9_' },
    });
  });

  test.each([
    ['    confidence: high\n', '    confidence: sure\n', 'acme.yaml:7: rules[0].confidence must be one of'],
    ['    name: Acme key\n', '', 'acme.yaml:3: rules[0].name is missing'],
    ['    id: acme-key\n', '    id: Acme_Key\n', 'rules[0].id must be lower-case words joined by -'],
    [
      '    confidence: high\n',
      '    confidense: high\n',
      'acme.yaml:7: rules[0].confidense is not a known field',
    ],
    [
      "[{exact: 'acme_'}]",
      "[{exact: 'ac'}]",
      'acme.yaml:6: rules[0].keywords[0] a keyword needs at least 3 bytes',
    ],
    ["[{exact: 'acme_'}]", "['acme→']", 'rules[0].keywords[0] a keyword must be printable ASCII, tabs'],
    [
      "    token: 'acme_[0-9a-f]{32}'\n",
      '',
      'acme.yaml:3: rules[0] needs exactly one of pattern, token, named, detector',
    ],
    [
      "    token: 'acme_[0-9a-f]{32}'\n",
      '    detector: oracle\n',
      'acme.yaml:5: rules[0].detector must be one of',
    ],
    [
      '    confidence: high\n',
      '    confidence: high\n    specificity: 9\n',
      'rules[0].specificity must be 0, 1, 2 or 3',
    ],
    [
      '    confidence: high\n',
      '    confidence: high\n    checks: {checksum: crc99}\n',
      'rules[0].checks.checksum must be',
    ],
    [
      "    examples: ['ACME_KEY={{token}}']\n",
      '    examples: one\n',
      'acme.yaml:9: rules[0].examples must be a list',
    ],
  ])('names file, line and field of %j', (line, instead, fault) => {
    // The id stands on the list mark's line.
    const from = line.startsWith('    id:') ? line.replace('    id:', '  - id:') : line;
    const to = line.startsWith('    id:') ? instead.replace('    id:', '  - id:') : instead;
    expect(faultsWith(from, to).join('\n')).toContain(fault);
  });

  test('text that is not YAML is one fault and no exception', () => {
    const { rules, faults } = parseRuleFile('bad.yaml', 'provider: [');
    expect(rules).toEqual([]);
    expect(faults[0]).toMatchObject({ file: 'bad.yaml', line: 1 });
  });

  test('collects all faults before refusing', () => {
    const { faults } = parseRuleFile('acme.yaml', good.replace('high', 'sure').replace('Acme key', '""'));
    expect(faults).toHaveLength(2);
    expect(() => refuseFaults(faults)).toThrow(/confidence[\s\S]*name|name[\s\S]*confidence/);
  });
});

describe('parseKinds', () => {
  test('reads a table and finds lines that are wrong', () => {
    const table = 'id\tstatus\tlifetime\tcategory\na-b\tcurrent\tstatic\tcloud\na-b\told\tstatic\tcloud\n';
    const { kinds, faults } = parseKinds('kinds.tsv', table);
    expect(kinds.get('a-b')).toMatchObject({ status: 'current', lifetime: 'static', category: 'cloud' });
    expect(faults.map((fault) => `${fault.line} ${fault.field}`)).toEqual(['3 status', '3 id']);
  });
});
