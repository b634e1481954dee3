import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { custodianIssues } from '../../../src/cli/plan-text/custodian-issues.js';
import { planLines } from '../../../src/cli/plan-text/plan-lines.js';
import { planMarkdown } from '../../../src/cli/plan-text/plan-markdown.js';
import { planRecord } from '../../../src/cli/plan-text/plan-record.js';
import { capacityLines, portfolioLines } from '../../../src/cli/plan-text/portfolio-lines.js';
import { ansiStyle, plainStyle } from '../../../src/report/style.js';
import { factAttributes, placeSubject, secretSubject } from '../../../src/rotation/attributes.js';
import type { Portfolio } from '../../../src/rotation/plan/plan.js';
import { capacity } from '../../../src/rotation/plan/portfolio.js';
import { strategies } from '../../../src/rotation/policy/decision.js';
import {
  chatLocation,
  daysAgo,
  factOf,
  fingerprintOf,
  headLocation,
  historyLocation,
  secretOf,
  ticketLocation,
} from '../../support/exposure-builder.js';
import { consumerOf, type PlanOptions, portfolioOf } from '../../support/planning.js';

const validate = addFormats
  .default(new Ajv({ allErrors: true, strict: false }))
  .compile(
    JSON.parse(readFileSync(new URL('../../../schemas/plan.schema.json', import.meta.url), 'utf8')) as object,
  );

const ledger = headLocation('acme/ledger', 'config/.env.prod', { slot: 'DB_PASSWORD', line: 3 });
const secrets = [
  secretOf('a', {
    kind: 'stripe-secret-key',
    locations: [
      ledger,
      historyLocation('acme/ledger', 'old.env'),
      chatLocation('#ops', '17', { record: { permalink: 'https://chat.acme.example/17' } }),
      ticketLocation('PAY', 'PAY-881'),
    ],
  }),
  ...['b', 'c', 'd'].map((name) =>
    secretOf(name, { locations: [headLocation('acme/billing', `${name}.env`)] }),
  ),
];
const options: PlanOptions = {
  consumers: {
    a: [
      consumerOf('ledger-api', { environment: 'prod' }),
      consumerOf('ledger-eod', { environment: 'prod', kind: 'batch', nextRun: '2026-11-23T02:00:00Z' }),
    ],
  },
  facts: [
    factOf(secretSubject(fingerprintOf('a')), factAttributes.owner, 'team-payments'),
    factOf(secretSubject(fingerprintOf('a')), factAttributes.expires, daysAgo(-9), {
      origin: 'inventory',
      confidence: 'asserted',
    }),
    factOf(placeSubject(ledger.place), factAttributes.custodian, 'ledger-people'),
  ],
};

const forms = {
  text: ({ plans }: Portfolio, style = plainStyle) =>
    plans.flatMap((plan) => [...planLines(plan, style), '']),
  md: ({ plans }: Portfolio) => plans.flatMap((plan) => [...planMarkdown(plan)]),
  json: ({ plans }: Portfolio) => plans.map((plan) => JSON.stringify(planRecord(plan))),
  issues: (portfolio: Portfolio) => custodianIssues(portfolio).flatMap(({ lines }) => lines),
};

function printed(form: keyof typeof forms, given: PlanOptions = options): string[] {
  return forms[form](portfolioOf(secrets, given));
}

describe('forms of plans', () => {
  it('text names what is decided, why, what breaks and each step with its number', () => {
    const lines = printed('text');
    const text = lines.slice(0, lines.indexOf('')).join('\n');
    expect(text).toMatch(/^plan [0-9a-f]{12} {2}secret [0-9a-f]{12} {2}kind stripe-secret-key/);
    expect(text).toMatch(/strategy staged-dual {3}status ready {3}rule consumers-missing-dual/);
    expect(text).toContain('copies      1 at HEAD, 1 in history only, 1 chat message, 1 ticket entry');
    expect(text).toMatch(
      /breaks +prod: ledger-api \(service, restart\), ledger-eod \(batch, restart, next run 2026/,
    );
    expect(text).toMatch(/ 1 preserve +note what goes with it {2}-> team-payments/);
    expect(text).toMatch(/revoke-old +delete the old value {2}-> team-payments {2}\[POINT OF NO RETURN\]/);
    expect(text).toMatch(/log +head 0{64}$/);
  });

  it('terms of the printed priority add up', () => {
    const [, sum, terms] =
      /priority +(\d+) \w+ = ([^;]*?)(?:;|readiness)/s.exec(printed('text').join(' ')) ?? [];
    const points = [...(terms ?? '').matchAll(/[a-z]+ (\d+) \(/g)].map(([, count]) => Number(count));
    expect(points.reduce((total, count) => total + count, 0)).toBe(Number(sum));
  });

  it('Markdown is a checklist with copies, commands and rollbacks', () => {
    const text = printed('md').join('\n');
    expect(text).toMatch(/^# Plan [0-9a-f]{12}: staged\S*dual of stripe\S*secret\S*key/);
    expect(text).toMatch(/- \[ \] \*\*1\. preserve\*\*/);
    expect(text).toContain('Rollback: ');
    expect(text).toMatch(/ {2}- acme\/ledger config\/\.env\.prod\S*:3/);
  });

  it('JSON of every strategy is what the schema says', () => {
    for (const strategy of strategies) {
      for (const line of printed('json', { ...options, decision: { strategy } })) {
        expect(
          validate(JSON.parse(line)),
          `${strategy}: ${JSON.stringify(validate.errors?.slice(0, 3))}`,
        ).toBe(true);
      }
    }
  });

  it('issues list for each custodian their own copies only', () => {
    const text = printed('issues').join('\n');
    const documents = text.split(/^# /m).slice(1);
    const own = documents.find(
      (document) => document.includes('ledger\\-people') || document.includes('ledger-people'),
    );
    expect(own).toContain('config/.env.prod'.replace('.env', '.env'));
    expect(own).not.toContain('PAY-881');
    expect(documents.find((document) => document.includes('For unassigned'))).toContain('PAY-881');
  });

  it('scenario 46: all of them: the question that frees most plans comes first, then what ends when', () => {
    const text = [...portfolioLines(portfolioOf(secrets, options), plainStyle)].join('\n');
    expect(text).toMatch(/blocked \(3\)\n {2}3 plans wait for an owner of acme\/billing/);
    expect(text).toContain('2026-W49  1 secret');
    expect(text).toContain('ready (1)');
  });

  it('capacity shows the first that can be worked on', () => {
    const portfolio = portfolioOf(secrets, options);
    const lines = [...capacityLines(capacity(portfolio, 5), plainStyle)];
    expect(lines).toHaveLength(2);
    expect(lines[0]).toBe('first 1 plan that can be worked on now');
  });

  it('names that would steer a terminal are told, not obeyed', () => {
    const steer = String.fromCodePoint(0x1b);
    const turned = String.fromCodePoint(0x202e);
    const evil = secretOf('a', {
      locations: [headLocation('acme/api', `${turned}file\n# heading${steer}[31m`)],
    });
    const portfolio = portfolioOf([evil], { consumers: { a: [consumerOf(`api${steer}[2J`)] } });
    const isSteering = (character: string): boolean => character < ' ' || character === turned;
    for (const format of ['text', 'md', 'issues'] as const) {
      for (const line of forms[format](portfolio)) expect([...line].filter(isSteering), line).toEqual([]);
    }
    const coloured = forms.text(portfolio, ansiStyle).join('');
    expect(coloured).toContain(`${steer}[1m`);
  });
});
