/** What is known of providers, through `rules show` and `rules check`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CliHome, scratch } from '../support/scratch.js';

function checkout(facts?: string): { home: CliHome; at: { cwd: string } } {
  const folder = scratch();
  mkdirSync(join(folder, '.git'));
  mkdirSync(join(folder, '.sprawl'));
  if (facts !== undefined) writeFileSync(join(folder, '.sprawl', 'facts.yaml'), facts);
  return { home: new CliHome(folder), at: { cwd: folder } };
}

describe('rules show and check', () => {
  test('tell what rotating a kind takes, with where that is from', () => {
    const { home, at } = checkout();
    const shown = home.run(['rules', 'show', 'aws-access-key-id'], at).stdout;
    expect(shown).toMatch(/^facts +aws\.iam-access-key$/m);
    expect(shown).toMatch(/^to disable +aws iam update-access-key .*<key-id> --status Inactive$/m);
    expect(shown).not.toContain('check with the provider');
  });

  test('say of general knowledge that it must be checked', () => {
    const { home, at } = checkout();
    expect(home.run(['rules', 'show', 'notion-token'], at).stdout).toMatch(
      /^source +general knowledge: check with the provider$/m,
    );
    expect(home.run(['rules', 'show', 'ably-key'], at).stdout).toMatch(
      /^facts +generic\.password \(the kind has no facts of its own\)$/m,
    );
  });

  test('take the rows of the checkout', () => {
    const { home, at } = checkout(
      'rows:\n  - {id: notion.token, twoAtOnce: yes 2, source: our contract, asOf: 2026-12}\n',
    );
    const [record] = home.json(['rules', 'show', 'notion-token'], at).filter(({ type }) => type === 'rule');
    expect(record).toMatchObject({
      facts: { overlap: 'yes', slots: 2, source: 'our contract', checked: true },
    });
  });

  test('refuse a broken file of the checkout by its line', () => {
    const { home, at } = checkout('rows:\n  - id: notion.token\n    source: us\n    asOf: soon\n');
    for (const args of [
      ['rules', 'show', 'notion-token'],
      ['rules', 'check'],
    ]) {
      const run = home.run(args, at);
      expect(run.status).toBe(2);
      expect(run.stderr).toContain('.sprawl/facts.yaml:4: rows[0].asOf must be a month');
    }
  });

  test('count the kinds that fall back', () => {
    const { home, at } = checkout();
    const [record] = home.json(['rules', 'check'], at).filter(({ type }) => type === 'check');
    const facts = record?.['facts'] as { rows: number; kinds: number; fallingBack: number };
    expect(record).toMatchObject({ ok: true, faults: [] });
    expect(facts.rows).toBeGreaterThan(150);
    expect(Math.min(facts.kinds, facts.fallingBack)).toBeGreaterThan(200);
  });
});
