/** How each kind of consumer takes a new value, and how it fails: services at reconnect, jobs at the next run. */
import type { Consumer } from '../../dossier.js';
import type { ConsumerKind, Reload } from '../../imports.js';

const reloads: Readonly<Record<Reload, string>> = {
  hot: 'It takes the new value without a restart.',
  restart: 'Restart it.',
  redeploy: 'Deploy it again.',
  rebuild: 'Build it again and deploy the result.',
  release: 'It takes a release: code has to change.',
  manual: 'It is set by hand.',
  unknown: 'How it takes a new value is not known: find out before its turn.',
};

type Advice = (consumer: Consumer) => string;

const byKind: Readonly<Record<ConsumerKind, Advice>> = {
  service: () =>
    'Pools keep the sessions they have: a failure shows only when one connects again, so restart every instance or end idle sessions.',
  batch: ({ nextRun }) =>
    `It fails silently at its next run${nextRun === undefined ? ', whose time is not known: ask' : ` (${nextRun})`}; its gate waits for a run that finished after this step.`,
  ci: () =>
    'Change it in the settings of the CI, then run a pipeline. It fails at the next one, and may then block the very change that repairs it: keep somebody at hand who can set the value directly.',
  agent: () =>
    'Pause the agent first: refused, it tries again and reaches for other tools. Set the value, resume it, and look at its first run.',
  'human-tool': () =>
    'Nobody is paged when it fails: tell the people who use it when it changes and how to log in again, and ask each to confirm.',
  'third-party': () =>
    "The change happens in somebody else's calendar: agree on a date, hand the value over in a way that is not a message, wait for their confirmation.",
  'shipped-client': () =>
    'Releases that are out keep the old value for ever: put a service of your own in front, release without the value, and decide by use when the old one ends.',
  test: () => 'Only tests use it: let them run once.',
  build: () => 'Every layer built so far keeps a copy: see the purge of images.',
  unknown: () => 'What it is is not known: ask its owner how it takes the value, and how it fails.',
};

const hows: Readonly<Record<Consumer['how'], string>> = {
  literal: 'The value stands in its files: let it read the vault instead of writing the new value there.',
  reference: 'It asks for the value by name: change what is stored under the name.',
  imported: 'The inventory names it: change the value where it reads it.',
};

/** What to do for one consumer, in sentences. */
export function consumerAdvice(consumer: Consumer): string {
  const note = consumer.evidence.find((evidence) => evidence.note !== undefined)?.note;
  const hint = note === undefined || consumer.how === 'literal' ? '' : ` Seen: ${note}.`;
  return `${hows[consumer.how]}${hint} ${reloads[consumer.reload]} ${byKind[consumer.kind](consumer)}`;
}
