/** Incident and plan say of places which files they could not look at, and why. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeSecret } from '../support/fake-secret.js';
import { CliHome, scratch } from '../support/scratch.js';

const value = fakeSecret('github-pat-classic', 'unread places');

function only(home: CliHome): string {
  const secret = home.json(['list']).find(({ type }) => type === 'secret');
  return String(secret?.['fingerprint']).slice(0, 12);
}

test('a file that was named is there, and one that went is not', () => {
  const folder = scratch();
  const home = new CliHome();
  const file = join(folder, 'deploy', '.env');
  mkdirSync(join(folder, 'deploy'));
  writeFileSync(file, `GITHUB_TOKEN=${value}\n`);
  home.run(['scan', file]);
  const fingerprint = only(home);
  expect(home.run(['incident', fingerprint]).stdout).not.toContain('cannot be read');
  expect(home.run(['plan', fingerprint, '--no-record']).stderr).not.toContain('cannot be read');
  rmSync(file);
  expect(home.run(['incident', fingerprint]).stdout).toContain('its files cannot be read now');
  expect(home.run(['plan', fingerprint, '--no-record']).stderr).toContain('cannot be read');
});

test('a place that only a report tells of is to be scanned', () => {
  const folder = scratch();
  const home = new CliHome();
  const report = join(folder, 'report.json');
  const finding = { RuleID: 'github-pat', File: 'src/app.env', StartLine: 1, Secret: value, Match: value };
  const where = { Commit: '', Author: '', Email: '', Date: '', Fingerprint: 'src/app.env:github-pat:1' };
  writeFileSync(
    report,
    JSON.stringify([{ ...finding, ...where, Description: 'PAT', EndLine: 1, StartColumn: 1 }]),
  );
  expect(home.run(['ingest', report, '--of', 'https://git.example.org/acme/app.git']).status).toBe(0);
  const fingerprint = only(home);
  const plan = home.run(['plan', fingerprint, '--no-record']).stderr;
  expect(plan).not.toContain('cannot be read');
  const incident = home.run(['incident', fingerprint]).stdout;
  expect(incident).not.toContain('cannot be read');
  expect(`${plan}${incident}`).toMatch(/reports of other tools tell of/i);
});
