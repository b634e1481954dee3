/**
 * `sprawl log export`: the evidence with what it rests on, as a folder that somebody else can check: log, plans, policy,
 * provider facts, what was scanned when. A private folder with private files, and no values in any of them.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { canonicalJson } from '../../../model/canonical-json.js';
import type { PlaceKey } from '../../../model/ids.js';
import { ProblemError } from '../../../model/problem.js';
import { recordOf } from '../../../report/finding-record.js';
import { makePlans } from '../../../rotation/plan/make-plans.js';
import type { Plan } from '../../../rotation/plan/plan.js';
import type { Context } from '../../context.js';
import { exitCodes } from '../../exit-codes.js';
import { policyText } from '../../policy-file.js';
import { type Session, withSession } from '../../session.js';
import { shownText } from '../../value-free-text.js';
import type { Rotation } from '../rotation.js';

export interface ExportFlags {
  readonly policy?: string;
  readonly now?: string;
}

const readme = `Evidence of sprawl.

evidence.jsonl       the evidence log: one record a line, each with the hash of the one before
head.txt             number and hash of its last record; sign this file to notice later changes:
                       ssh-keygen -Y sign -f ~/.ssh/id_ed25519 -n sprawl-evidence head.txt
plans.jsonl          the recorded plans as they were when this was written
policy.yaml          the policy they follow
provider-facts.json  what is known of the providers they concern, with sources
scans.jsonl          what was read when: place, root, rules, gaps, records of exports
manifest.json        SHA-256 of each file, tool version, key

To check the chain: the hash of a record is the SHA-256, in hex, of its JSON without "hash", keys sorted by code points, no
white space; the first record names 64 zeros as the one before. Or: sprawl log verify --db <folder>/evidence.db --head <hash>,
with evidence.jsonl copied to <folder>/evidence.evidence.jsonl.
People stand under pseudonyms. Nothing here holds the value of a secret.
`;

function makePrivateFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    const message =
      code === 'EEXIST' ? `${path} is there already.` : `The folder ${path} cannot be made (${code}).`;
    throw new ProblemError(
      { code: 'usage', message, hint: 'Name a folder that does not exist yet.' },
      { cause },
    );
  }
}

/** The recorded plans as they are now, with the places of their secrets. */
async function recordedPlans(rotation: Rotation): Promise<{ plans: Plan[]; places: Set<PlaceKey> }> {
  const recorded = new Set([...rotation.state.plans.values()].map(({ fingerprint }) => fingerprint));
  const plans: Plan[] = [];
  const places = new Set<PlaceKey>();
  if (recorded.size === 0) return { plans, places };
  for await (const { dossiers, input } of rotation.look(recorded)) {
    const own = makePlans(input).plans.filter(({ id }) => rotation.state.plans.has(id));
    plans.push(...own);
    const members = new Set(own.flatMap(({ fingerprint, others }) => [fingerprint, ...others]));
    for (const { fingerprint, exposure } of dossiers) {
      if (members.has(fingerprint)) for (const place of exposure.places) places.add(place);
    }
  }
  return { plans: plans.sort((a, b) => (a.id < b.id ? -1 : 1)), places };
}

/** One line a root: what was read of it, when, with which rules. */
async function scanLines({ store }: Session, places: ReadonlySet<PlaceKey>): Promise<string[]> {
  const lines: string[] = [];
  for (const { place, locator, last, whole, receipt, records, newestRecord, readers } of await store.readings(
    [...places],
  )) {
    const root = await store.rootAt(locator);
    lines.push(
      canonicalJson(
        recordOf({
          place,
          locator,
          lastScan: last?.at,
          lastWholeScan: whole?.at,
          complete: receipt?.complete,
          gaps: receipt?.gaps,
          skipped: receipt?.skipped,
          records,
          newestRecord,
          readers,
          analysis: root?.analysisId,
          state: root?.state === undefined ? undefined : Buffer.from(root.state).toString('hex'),
        }),
      ),
    );
  }
  return lines;
}

export async function runExportLog(context: Context, flags: ExportFlags, folder: string): Promise<number> {
  return withSession(context, 'read', async (session) => {
    const { policy, now } = flags;
    const rotation = await context.services.rotation(context, session, {
      ...(policy !== undefined && { policy }),
      ...(now !== undefined && { now }),
    });
    try {
      const { plans, places } = await recordedPlans(rotation);
      const { head, seq } = rotation.state;
      const rows = new Set(plans.map(({ providerRow }) => providerRow.id));
      const files: Readonly<Record<string, string>> = {
        'evidence.jsonl': joined([...rotation.log.records()].map(canonicalJson)),
        'head.txt': `${seq} ${head}\n`,
        'plans.jsonl': joined(plans.map((plan) => JSON.stringify(plan))),
        'policy.yaml': policyText(context.io.cwd, policy).text,
        'provider-facts.json': `${JSON.stringify(
          [...rows].sort().map((id) => rotation.providers.rowOf(id)),
          null,
          2,
        )}\n`,
        'scans.jsonl': joined(await scanLines(session, places)),
        'README.txt': readme,
      };
      const path = resolve(context.io.cwd, folder);
      makePrivateFolder(path);
      const hashes = await writeAll(context, session, path, files);
      const manifest = {
        tool: 'sprawl',
        version: context.version,
        writtenAt: rotation.now,
        key: session.keys.id,
        log: { records: seq, head },
        files: hashes,
      };
      writePrivate(join(path, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
      await context.out.printLine(`${seq} ${head}`);
      await context.tell(
        `Written to ${await shownText(context, path)}: ${seq} records, ${plans.length} ${plans.length === 1 ? 'plan' : 'plans'}.`,
      );
      return exitCodes.clean;
    } finally {
      rotation.close();
    }
  });
}

function joined(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function writePrivate(path: string, text: string): void {
  writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
}

/** Plans repeat what files say now, so everything is looked at for secrets once more. The log was when it was written. */
async function writeAll(
  context: Context,
  session: Session,
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const known = await session.store.anchors();
  const hashes: Record<string, string> = {};
  for (const [name, text] of Object.entries(files)) {
    const isChecked = name === 'evidence.jsonl' || name === 'head.txt' || name === 'README.txt';
    const safe = isChecked ? text : await context.services.maskSecrets(text, { keys: session.keys, known });
    writePrivate(join(folder, name), safe);
    hashes[name] = createHash('sha256').update(safe).digest('hex');
  }
  return hashes;
}
