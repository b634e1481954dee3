/**
 * Speed and memory on exports: makes Slack and Jira exports from a seed, scans each with one worker into an empty
 * database, and prints MB per CPU second (user + system, start included; median of 3) beside bare `JSON.parse`. Then
 * the same, one run each, of one file of every other system that export-makers.mjs knows.
 *
 *   node bench/exports.mjs [MB of each export, default 100] [MB of each of the others, default 50]
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makers } from './export-makers.mjs';
import { measure, median } from './measure.mjs';

const cli = fileURLToPath(new URL('../dist/cli/bin.cjs', import.meta.url));
const megabytes = Number(process.argv[2] ?? 100);
const otherMegabytes = Number(process.argv[3] ?? 50);
const words =
  'the deploy of our gateway failed again because config was not found in staging we should roll back and check logs before lunch please review my change thanks everyone looks good customer reported an issue with login timeout migration finished'.split(
    ' ',
  );

let state = 7;
const below = (limit) => {
  state = (state * 1103515245 + 12345) & 0x7fffffff;
  return state % limit;
};
const hex = (length) => below(1e9).toString(16).padStart(length, '0').slice(-length);
const prose = (count) => Array.from({ length: count }, () => words[below(words.length)]).join(' ');
const users = Array.from({ length: 50 }, (_, i) => ({
  id: `U0${(100_000 + i).toString(36).toUpperCase()}`,
  name: `user${i}`,
  avatar: `g${(7919 * (i + 1)).toString(16).padStart(11, '0')}`,
}));

function slackMessage(seconds) {
  const user = users[below(users.length)];
  const link = below(10) === 0 ? ` see <https://git.acme.example/${below(5000)}|this> &amp; reply` : '';
  const text = prose(5 + below(30)) + link;
  const elements = [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }];
  return {
    client_msg_id: `${hex(8)}-1111-4222-8333-${hex(12)}`,
    type: 'message',
    text,
    user: user.id,
    ts: `${seconds}.${String(below(999_999)).padStart(6, '0')}`,
    blocks: [{ type: 'rich_text', block_id: `b${below(99_999)}`, elements }],
    team: 'T024ACME',
    user_profile: {
      avatar_hash: user.avatar,
      real_name: user.name,
      display_name: user.name,
      team: 'T024ACME',
    },
  };
}

function slackDay(day) {
  const start = 1_600_000_000 + day * 86_400;
  return JSON.stringify(
    Array.from({ length: 400 }, (_, i) => slackMessage(start + i * 60)),
    null,
    4,
  );
}

function jiraIssue(id) {
  const self = `https://acme.atlassian.net/rest/api/2/issue/${id}`;
  const person = { accountId: `5b10${below(40)}`, displayName: 'Somebody', active: true };
  const created = '2024-03-02T10:00:00.000+0000';
  const comments = Array.from({ length: below(8) }, (_, k) => ({
    self: `${self}/comment/${id}${k}`,
    id: `${id}${k}`,
    author: person,
    body: prose(10 + below(60)),
    created,
    updated: created,
  }));
  const items = [{ field: 'description', from: null, fromString: prose(40), to: null, toString: prose(40) }];
  return {
    id: `${id}`,
    self,
    key: `API-${id}`,
    fields: {
      summary: prose(8),
      description: prose(40 + below(200)),
      project: { id: '1', key: 'API', name: 'Api' },
      created,
      reporter: person,
      comment: { comments, total: comments.length },
    },
    changelog: { histories: [{ id: '1', author: person, created, items }] },
  };
}

function jiraPage(page) {
  const issues = Array.from({ length: 100 }, (_, i) => jiraIssue(10_000 + page * 100 + i));
  return JSON.stringify({ expand: 'names', startAt: page * 100, maxResults: 100, total: 99_999, issues });
}

/** Writes files until there are enough bytes; gives how many. */
function fill(folder, name, make) {
  mkdirSync(folder, { recursive: true });
  let bytes = 0;
  for (let i = 0; bytes < megabytes * 1e6; i++) {
    const text = make(i);
    bytes += text.length;
    writeFileSync(join(folder, name(i)), text);
  }
  return bytes;
}

function parseSeconds(folder) {
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  const before = process.cpuUsage();
  for (const text of texts) JSON.parse(text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** One scan by one worker into an empty database. */
function scanOnce(target, home) {
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const env = {
    XDG_DATA_HOME: join(home, 'd'),
    XDG_CONFIG_HOME: join(home, 'c'),
    XDG_CACHE_HOME: join(home, 'k'),
  };
  const command = [process.execPath, cli, 'scan', target, '--jobs', '1', '--exit-zero'];
  return measure(command, { work: home, env });
}

const folder = mkdtempSync(join(tmpdir(), 'sprawl-bench-'));
try {
  const made = {
    slack: fill(join(folder, 'slack'), (i) => `day-${i}.json`, slackDay),
    jira: fill(join(folder, 'jira'), (i) => `page-${i}.json`, jiraPage),
  };
  for (const [name, bytes] of Object.entries(made)) {
    const runs = [1, 2, 3].map(() => scanOnce(join(folder, name), join(folder, 'home')));
    const seconds = median(runs.map(({ cpu }) => cpu));
    const peak = median(runs.map(({ memory }) => memory));
    const parsed = parseSeconds(join(folder, name));
    process.stdout.write(
      `${name}: ${(bytes / 1e6).toFixed(0)} MB in ${seconds.toFixed(2)} CPU s = ${(bytes / 1e6 / seconds).toFixed(0)} MB/s, ` +
        `peak ${peak.toFixed(0)} MB; JSON.parse alone ${(bytes / 1e6 / parsed).toFixed(0)} MB/s\n`,
    );
  }
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  writeFileSync(join(empty, 'day.json'), slackDay(0).slice(0, 2000));
  const start = scanOnce(empty, join(folder, 'home')).cpu;
  process.stdout.write(`start alone: ${start.toFixed(2)} CPU s\n`);
  for (const [name, make] of Object.entries(makers)) {
    const [file, text] = make(otherMegabytes * 1e6);
    const target = join(folder, name);
    mkdirSync(target);
    writeFileSync(join(target, file), text);
    const { cpu, memory } = scanOnce(target, join(folder, 'home'));
    const size = text.length / 1e6;
    process.stdout.write(
      `${name}: ${size.toFixed(0)} MB in ${cpu.toFixed(2)} CPU s = ${(size / cpu).toFixed(0)} MB/s, ` +
        `${(size / (cpu - start)).toFixed(0)} beyond the start, peak ${memory.toFixed(0)} MB\n`,
    );
    rmSync(target, { recursive: true });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
