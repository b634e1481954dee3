/**
 * Jira issues read in the lean form give what the full reading gives: contents, findings, places, sweep tags and what the
 * receipt counts, in the same order.
 */
import { expect, test } from 'vitest';
import { cachedCore } from '../../scripts/build-core.mjs';
import { loadCoreModule } from '../../src/prefilter/core-module.js';
import { drawer } from '../support/draw.js';
import { fakeSecret } from '../support/fake-secret.js';
import { exportScanner } from '../support/scan-export.js';

const module = loadCoreModule(await cachedCore());
if (module === undefined) throw new Error('the core was not built');
const scan = exportScanner(module);

type Json = Record<string, unknown>;

function exportOf(seed: number): Record<string, string> {
  const { below, pick, chance } = drawer(seed);
  const words =
    'deploy gateway failed again risk-free link older digit url the password is token key it’s naïve ok'.split(
      ' ',
    );
  const secrets = [
    fakeSecret('github-pat-classic', `jira${seed}`),
    fakeSecret('generic-password-code', `jira${seed}`),
    fakeSecret('slack-bot-token', `jira${seed}`),
    fakeSecret('private-key', `jira${seed}`),
  ];
  const prose = (most: number): string =>
    Array.from({ length: 1 + below(most) }, () => pick(words)).join(' ');
  const piece = (): string => {
    const secret = pick(secrets);
    const half = 1 + below(secret.length - 1);
    const cut = (mark: string): string => `${secret.slice(0, half)}${mark}${secret.slice(half)}`;
    return pick([
      () => prose(12),
      () => prose(40),
      () => secret,
      () => `password: ${pick(secrets)}`,
      () => `{code:java|title=x}\nString key = "${secret}";\n{code}`,
      () => `{{${secret}}} and {color:red}${secret.slice(0, half)}{color}${secret.slice(half)}`,
      () => `[${secret}|https://x.example/${below(99)}] [~accountid:5b10] !file.png|width=300!`,
      () => `||key||value||\n|password|${secret}|\n`,
      () => cut('\u200b'),
      () => cut('\\'),
      () => cut('\r\n'),
      () => `tab\there "quoted" back\\slash / ${'\u0007'} \u2028 \ud83d\ude00 \ud800 end\u007f`,
      () => '-----BEGIN PRIVATE KEY-----',
      () => '&amp; <b>bold</b> &#8211;',
      () => prose(chance(4) ? 2000 : 20),
      () => '',
    ])();
  };
  const text = (): string => Array.from({ length: 1 + below(3) }, piece).join(pick([' ', '\n', '']));
  const node = (): Json =>
    pick<() => Json>([
      () => ({ type: 'text', text: text() }),
      () => ({
        type: 'text',
        text: text(),
        marks: [{ type: 'link', attrs: { href: pick([`https://x.example/${below(9)}`, text()]) } }],
      }),
      () => ({ type: 'text', text: text(), marks: [{ type: 'strong' }] }),
      () => ({ type: 'hardBreak' }),
      () => ({ type: 'text', text: pick(['', prose(2), pick(secrets).slice(0, 5)]) }),
      () => ({ type: 'media', attrs: { id: 'a', type: 'file', collection: 'c', alt: text() } }),
      () => ({ type: 'blockCard', attrs: pick([null, { url: 'https://x.example/card', layout: 'wide' }]) }),
      () => ({ type: 'date', attrs: { timestamp: '1600000000000' } }),
      () => ({ type: 'emoji', attrs: { shortName: ':x:', text: 'x', id: '1' }, content: null }),
      () => ({
        type: 'listItem',
        content: [{ type: 'paragraph', content: [{ type: 'text', text: text() }] }],
      }),
      () => ({ type: 'mention', attrs: { id: '5b10', text: '@Somebody', accessLevel: '' } }),
      () => ({ type: 'inlineCard', attrs: { url: 'https://x.example/card' } }),
      () => ({
        type: 'extension',
        attrs: { parameters: { macroParams: { password: { value: pick(secrets) } } } },
      }),
    ])();
  const adf = (): Json => ({
    type: 'doc',
    version: 1,
    content: Array.from({ length: below(3) }, () => ({
      type: pick(['paragraph', 'codeBlock', 'tableRow']),
      content: Array.from({ length: 1 + below(4) }, node),
    })),
  });
  const rich = (): unknown =>
    pick<() => unknown>([
      text,
      text,
      text,
      text,
      adf,
      () => JSON.stringify(adf()),
      () => null,
      () => 5,
      () => [text()],
    ])();
  const names = ['Ann', 'Bob', 'Cem', 'Dora'];
  const person = (): unknown => {
    const name = pick(names);
    return pick<() => unknown>([
      ...Array.from({ length: 12 }, () => () => ({
        self: `https://acme.atlassian.net/rest/api/2/user?accountId=5b10${name}`,
        accountId: `5b10${name}`,
        displayName: name,
        active: true,
        timeZone: 'Europe/Berlin',
      })),
      () => ({
        accountId: `5b10${name}`,
        displayName: `${name} ${prose(2)}`,
        emailAddress: 'x@example.org',
        active: true,
      }),
      () => ({
        name: name.toLowerCase(),
        displayName: text(),
        active: false,
        accountType: pick(['app', 'atlassian']),
      }),
      () => null,
      () => name,
    ])();
  };
  const time = (): unknown =>
    pick([
      `20${10 + below(15)}-0${1 + below(9)}-${10 + below(22)}T10:0${below(9)}:00.${100 + below(900)}+0000`,
      `2021-03-0${1 + below(9)}T1${below(10)}:00:00.000${pick(['-0730', '+05:30', 'Z'])}`,
      '2021-02-30T10:00:00.000+0000',
      '2021-02-03 10:00',
      '2021-02-03T10:00:00.5Z',
      'yesterday',
      1_600_000_000_000,
      null,
    ]);
  const thing = (kind: string): unknown =>
    pick<() => unknown>([
      () => ({
        self: `https://acme.atlassian.net/rest/api/2/${kind}/1`,
        id: '1',
        name: 'Done',
        description: '',
      }),
      () => ({
        self: `https://acme.atlassian.net/rest/api/2/${kind}/2`,
        id: '2',
        name: 'Open',
        iconUrl: 'https://x.example/i.png',
      }),
      () => ({ id: `${below(3)}`, name: prose(3), description: text(), lead: person() }),
      () => null,
    ])();
  const other = (key: string): Json => ({
    id: `${below(99)}`,
    key: `${key}-${1 + below(20)}`,
    fields: { summary: pick([prose(3), text()]), status: thing('status'), assignee: person() },
  });
  const custom = (): unknown =>
    pick<() => unknown>([
      () => null,
      () => null,
      text,
      adf,
      () => ({
        self: 'https://acme.atlassian.net/rest/api/2/customFieldOption/1',
        value: 'Production',
        id: '1',
      }),
      () => ({ value: text(), child: { value: prose(2), id: '4' } }),
      () => [{ value: 'One', id: '1' }, person(), text()],
      () => '0|hzzzzz:i',
      () => `com.example.Field@1f${below(99)}[name=${pick(secrets)}]`,
      () => 7,
      () => person(),
      () => other('API'),
    ])();
  const key = pick(['API', 'OPS']);
  let id = 100 * seed;
  const comment = (): unknown =>
    pick<() => unknown>([
      ...Array.from({ length: 8 }, () => () => ({
        self: `https://acme.atlassian.net/rest/api/2/issue/1/comment/${id}`,
        id: `${id++}`,
        author: person(),
        body: rich(),
        ...(chance(3) && { updateAuthor: person() }),
        created: time(),
        updated: time(),
        ...(chance(4) && { visibility: { type: 'role', value: pick(['Administrators', text()]) } }),
        ...(chance(6) && { renderedBody: pick([`<p>${text()}</p>`, '', null]) }),
        ...(chance(4) && { jsdPublic: true }),
        ...(chance(9) && { extra: pick([text(), { deep: [text()] }, 5]) }),
      })),
      () => ({ id: 5, author: person(), created: time() }),
      () => text(),
      () => null,
    ])();
  const item = (): unknown =>
    pick<() => unknown>([
      () => ({
        field: 'description',
        fieldtype: 'jira',
        from: null,
        fromString: text(),
        to: null,
        toString: text(),
      }),
      () => ({
        field: 'status',
        fieldtype: 'jira',
        fieldId: 'status',
        from: '1',
        fromString: 'Open',
        to: '10002',
        toString: 'Done',
      }),
      () => ({
        field: 'Link',
        fieldtype: 'jira',
        from: null,
        fromString: null,
        to: pick(['API-5', text()]),
        toString: text(),
      }),
      () => ({
        field: 'Root password',
        fieldtype: 'custom',
        from: null,
        fromString: pick(secrets),
        to: text(),
        toString: '',
      }),
      () => ({ field: 'Comment', fieldtype: 'jira', fromString: text(), toString: JSON.stringify(adf()) }),
      () => ({ fieldId: 'environment', from: 5, fromString: adf(), toString: `  ${JSON.stringify(adf())}` }),
      () => ({ field: 'labels', fromString: 'a b', toString: 'a b c', to: 'a b c', more: text() }),
      () => ({ field: 'Key', from: text(), to: text() }),
      () => null,
      () => text(),
    ])();
  const list = (make: () => unknown, most: number): unknown[] => Array.from({ length: below(most) }, make);
  const page = (key: string, make: () => unknown): unknown =>
    pick<() => unknown>([
      () => {
        const all = list(make, 5);
        return { [key]: all, maxResults: 50, total: all.length + (chance(5) ? 3 : 0), startAt: 0 };
      },
      () => ({ [key]: list(make, 4) }),
      () => null,
      () => ({ total: 4 }),
    ])();
  const extras: readonly (() => Json)[] = [
    () => ({ parent: other('API') }),
    () => ({ subtasks: list(() => other('OPS'), 3) }),
    () => ({
      issuelinks: [
        {
          id: '1',
          type: { id: '10', name: 'Blocks', inward: prose(2), outward: 'x' },
          inwardIssue: other('API'),
          note: pick([1, text()]),
        },
      ],
    }),
    () => ({ labels: [pick(['ops', 'api']), text()] }),
    () => ({ components: [thing('component'), thing('component')], fixVersions: [thing('version')] }),
    () => ({
      timetracking: { originalEstimate: '3d', remainingEstimate: '2h', timeSpent: text() },
      votes: { votes: 0, hasVoted: false },
    }),
    () => ({
      environment: rich(),
      duedate: '2024-01-01',
      resolution: thing('resolution'),
      security: thing('security'),
    }),
    () => ({
      attachment: list(
        () => ({
          self: 'https://acme.atlassian.net/rest/api/2/attachment/1',
          id: `${id++}`,
          filename: pick(['a.txt', '', text()]),
          author: person(),
          created: time(),
          size: 5,
          mimeType: 'text/plain',
          content: `https://acme.atlassian.net/rest/api/2/attachment/content/1${pick(['', `?token=${pick(secrets)}`])}`,
          thumbnail: text(),
        }),
        4,
      ),
    }),
    () => ({
      worklog: page('worklogs', () => ({
        id: `${id++}`,
        author: person(),
        comment: rich(),
        started: time(),
        timeSpent: '1h',
        timeSpentSeconds: 3600,
      })),
    }),
    () => ({ newField: text(), 'a rather long key with 5 digits': 1, odd: { password: pick(secrets) } }),
    () => ({ creator: person(), reporter: person(), assignee: person() }),
    () => ({}),
  ];
  const issue = (): Json => {
    const number = 1 + below(500);
    const version = pick([2, 2, 3]);
    const own = pick([key, key, 'NEW']);
    return {
      expand: 'operations,versionedRepresentations,editmeta,changelog,renderedFields',
      id: `${number}`,
      self: `https://acme.atlassian.net/rest/api/${version}/issue/${number}`,
      key: chance(40) ? 'no key' : `${own}-${number}`,
      fields: chance(50)
        ? null
        : {
            ...(chance(2) && { customfield_10010: custom(), customfield_10020: custom() }),
            summary: pick([prose(5), text(), '', null]),
            description: rich(),
            project: pick([{ id: '1', key: own, name: 'Api' }, { id: '1', key: own, name: prose(1) }, null]),
            issuetype: thing('issuetype'),
            status: thing('status'),
            created: time(),
            updated: time(),
            creator: person(),
            reporter: person(),
            ...(chance(2) && pick(extras)()),
            ...(chance(3) && pick(extras)()),
            comment: page('comments', comment),
          },
      ...(chance(2) && {
        changelog: page('histories', () => ({
          id: `${id++}`,
          author: person(),
          created: time(),
          items: list(item, 4),
          ...(chance(8) && { historyMetadata: { note: text() } }),
        })),
      }),
      ...(chance(40) && { renderedFields: { description: `<p>${text()}</p>` } }),
      ...(chance(40) && { transitions: [{ id: '1', name: text() }] }),
      ...(chance(40) && { properties: { note: text() } }),
      ...(chance(40) && { names: { customfield_10010: 'Root password' } }),
      ...(chance(40) && { news: text() }),
    };
  };
  const written = (value: unknown): string => {
    let json = JSON.stringify(value, null, pick([undefined, 2, '\t']));
    if (chance(4)) json = json.replaceAll('/', '\\/');
    if (chance(4))
      json = json.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
    if (chance(8)) json = json.replace('"summary"', '"summ\\u0061ry"');
    if (chance(8)) json = json.replace('"fields"', '"id": "twice", "fields"');
    return json;
  };
  const search = (): string => {
    const issues = Array.from({ length: 12 }, () => written(issue())).join(pick([',', ', ', ',\n']));
    const before = chance(5) ? '"names": {"customfield_10010": "Root password"},' : '';
    const after = chance(5) ? ', "names": {"customfield_10010": "Root password"}' : '';
    let text = `{"expand": "names,schema", "startAt": 0, "maxResults": 25, ${before} "total": 25, "issues": [${issues}]${after}}`;
    if (chance(5)) text = `[${issues}]`;
    const at = below(text.length);
    if (chance(6))
      text = text.slice(0, at) + pick(['', '"', '}', ',', '\u0000', 'x']) + text.slice(at + below(20));
    if (chance(8)) text = text.slice(0, at);
    return text;
  };
  return { 'page-1.json': search(), 'page-2.json': search(), 'page-3.json': search() };
}

test('Jira: lean and full reading write the same', async () => {
  let hits = 0;
  for (let seed = 1; seed <= 10; seed++) {
    const files = exportOf(seed);
    const options = { pieceBytes: seed % 2 === 0 ? 1 << 20 : 3000 };
    const full = await scan(files, undefined, options);
    const lean = await scan(files, module, options);
    expect(lean, `seed ${seed}`).toEqual(full);
    hits += full.contents.filter(({ findings }) => findings.length > 0).length;
  }
  expect(hits).toBeGreaterThan(300);
});
