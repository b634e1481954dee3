/** Repositories that are scanned together, and the plans that the command line makes for what is in them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { GitFixture } from './git-fixture.js';
import { CliHome, scratch } from './scratch.js';
import { leaksIn } from './value-forms.js';

/** What tests read of a plan as JSON. */
export interface PlanRow {
  readonly id: string;
  readonly revision: string;
  readonly fingerprint: string;
  readonly others: readonly string[];
  readonly kind: string;
  readonly principal: string;
  readonly status: string;
  readonly decision: { readonly strategy: string; readonly rule: string };
  readonly reasons: readonly string[];
  readonly blockedBy: readonly string[];
  readonly questions: readonly { readonly code: string; readonly text: string }[];
  readonly warnings: readonly string[];
  readonly conditions: readonly string[];
  readonly relations: readonly { readonly relation: string; readonly to: string }[];
  readonly ifPublic?: string;
  readonly providerReaction?: string;
  readonly priority: { readonly sum: number; readonly terms: readonly { readonly points: number }[] };
  readonly steps: readonly {
    readonly id: string;
    readonly number: number;
    readonly state: string;
    readonly type: string;
    readonly target?: string;
    readonly title: string;
    readonly who: string;
    readonly how: string;
    readonly due?: string;
    readonly gates: readonly string[];
    readonly sharedWith?: number;
  }[];
}

/** The present time of all plans here. */
export const now = '2026-11-22T10:00:00Z';

export class Organisation {
  readonly folder: string = scratch();
  readonly home: CliHome = new CliHome(this.folder);

  /** Commits files to a repository of the organisation. */
  commit(name: string, files: Readonly<Record<string, string>>): this {
    new GitFixture(join(this.folder, 'all', name)).commit('add', files);
    return this;
  }

  file(name: string, text: string): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  /** Scans all repositories; an audience is that of every place. */
  scan(audience?: 'public' | 'internal'): this {
    const { status, stderr } = this.home.run(['scan', join(this.folder, 'all'), '--quiet']);
    expect(status, stderr).toBe(1);
    if (audience === undefined) return this;
    const places = this.home.json(['place', 'list']).filter(({ type }) => type === 'place');
    const list = places.map(({ key }) => ({ key, audience }));
    this.home.run(['place', 'import', this.file('places.json', JSON.stringify(list))]);
    return this;
  }

  plans(...args: readonly string[]): PlanRow[] {
    const { stdout, stderr, status } = this.home.run(['plan', '--all', '--json', '--now', now, ...args]);
    expect(status, stderr).toBe(0);
    return stdout
      .split('\n')
      .filter((line) => line.includes('"type":"plan"'))
      .map((line) => JSON.parse(line) as PlanRow);
  }

  fingerprintOf(value: string): string {
    const { stdout } = this.home.run(['fingerprint', '-', '--json'], { input: value });
    return /"fingerprint":"([0-9a-f]{64})"/.exec(stdout)?.[1] ?? '';
  }

  /** The plan for the secret of a value; what it prints is looked through for the value. */
  planOf(value: string, ...args: readonly string[]): PlanRow {
    const fingerprint = this.fingerprintOf(value);
    const found = this.plans(...args).find(
      (plan) => plan.fingerprint === fingerprint || plan.others.includes(fingerprint),
    );
    if (found === undefined) throw new Error(`no plan for ${fingerprint}`);
    expect(leaksIn(Buffer.from(JSON.stringify(found)), value)).toEqual([]);
    const sum = found.priority.terms.reduce((total, { points }) => total + points, 0);
    expect(sum, 'scenario 43: terms add up').toBe(found.priority.sum);
    return found;
  }
}

/** A compose file whose services read the file .env beside it. */
export const compose = (...services: readonly string[]): string =>
  ['services:', ...services.map((name) => `  ${name}: { image: acme/${name}, env_file: .env }`), ''].join(
    '\n',
  );

/** One team owns all of a repository. */
export const owners: Readonly<Record<string, string>> = { '.github/CODEOWNERS': '* @acme/payments\n' };
