/** Every flag that more than one command takes, once. */
import { type Command, Option } from 'commander';
import { type Status, statuses } from '../model/exposure.js';
import { type Confidence, confidences } from '../model/finding.js';
import { type System, systems } from '../model/place.js';
import { type ReportFormat, reportFormats } from '../report/formats.js';
import type { SecretFilter } from '../store/store.js';
import type { Context } from './context.js';
import { type FailOn, failOnChoices } from './exit-codes.js';
import { parseCount } from './quantities.js';
import { colorModes } from './terminal.js';

/** Collects a flag that may be given several times. */
export function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

/** A flag that takes one of some words, several times or joined with commas. */
function listOption<Word extends string>(flags: string, text: string, words: readonly Word[]): Option {
  const option = new Option(flags, `${text} (${words.join(', ')})`);
  const parse = option.choices(words).parseArg;
  return option.argParser((value: string, previous: readonly Word[] | undefined) => {
    let all: readonly Word[] = previous ?? [];
    for (const word of value.split(',')) all = [...all, (parse?.(word, word) ?? word) as Word];
    return all;
  });
}

export function addGlobalFlags(command: Command): Command {
  return command
    .option('--db <file>', 'database (default: $XDG_DATA_HOME/sprawl/sprawl.db, or SPRAWL_DB)')
    .option('--key-file <file>', 'key (default: the one in $XDG_CONFIG_HOME/sprawl/keys, or SPRAWL_KEY_FILE)')
    .option('--json', 'JSON Lines on stdout, the same as --format jsonl')
    .option('-q, --quiet', 'nothing on stderr but errors')
    .option(
      '-v, --verbose',
      'say more on stderr; -vv adds stacks to errors',
      (_, count: number) => count + 1,
      0,
    )
    .addOption(new Option('--color <when>', 'colour').choices(colorModes).default('auto'));
}

export interface FormatFlags {
  readonly format?: ReportFormat;
  readonly showSecrets?: boolean;
  readonly all?: boolean;
}

export function addFormatFlags(command: Command): Command {
  return command
    .addOption(new Option('-f, --format <format>', 'format on stdout').choices(reportFormats))
    .option('--all', 'in text, md, html and gitlab: copies of every status, not the open ones only')
    .option('--show-secrets', 'print values, re-read from their sources; nothing is stored');
}

/** `--json` wins over the default, not over a format that was asked for. */
export function formatOf(context: Context, format: ReportFormat | undefined): ReportFormat {
  return format ?? (context.flags.json === true ? 'jsonl' : 'text');
}

export interface JudgeFlags {
  readonly exitZero?: boolean;
  readonly failOn?: FailOn;
}

export function addJudgeFlags(command: Command): Command {
  return command
    .option('--exit-zero', 'exit 0 in spite of open findings and gaps')
    .addOption(
      new Option('--fail-on <what>', 'what makes exit code 1: new, any or high (confidence) open findings')
        .choices(failOnChoices)
        .default('any'),
    );
}

export interface FilterFlags {
  readonly kind?: readonly string[];
  readonly place?: readonly string[];
  readonly system?: readonly System[];
  readonly status?: readonly Status[];
  readonly minConfidence?: Confidence;
  readonly minPlaces?: number;
  readonly live?: boolean;
  readonly history?: boolean;
  readonly sinceScan?: number;
}

export function addFilterFlags(command: Command): Command {
  return command
    .option('--kind <kind>', 'only this kind; may be repeated', collect)
    .option('--place <key>', 'only secrets with a copy in this place; may be repeated', collect)
    .addOption(listOption('--system <system>', 'only in these systems', systems))
    .addOption(listOption('--status <status>', 'only of these statuses', statuses))
    .addOption(new Option('--min-confidence <level>', 'at least this confidence').choices(confidences))
    .option('--min-places <n>', 'only secrets in at least this many places', parseCount)
    .addOption(new Option('--live', 'only secrets with a live copy').conflicts('history'))
    .option('--history', 'only secrets without a live copy')
    .option('--since-scan <n>', 'only secrets first seen by this scan or later', parseCount);
}

/** The store's filter; `fallback` holds when no status was asked for. */
export function filterOf(flags: FilterFlags, fallback: readonly Status[] | undefined): SecretFilter {
  const statusFilter = flags.status ?? fallback;
  const live = flags.live === true ? true : flags.history === true ? false : undefined;
  return {
    ...(flags.kind && { kinds: flags.kind }),
    ...(flags.place && { places: flags.place }),
    ...(flags.system && { systems: flags.system }),
    ...(statusFilter && { statuses: statusFilter }),
    ...(flags.minConfidence && { minConfidence: flags.minConfidence }),
    ...(flags.minPlaces !== undefined && { minPlaces: flags.minPlaces }),
    ...(live !== undefined && { live }),
    ...(flags.sinceScan !== undefined && { sinceScan: flags.sinceScan }),
  };
}
