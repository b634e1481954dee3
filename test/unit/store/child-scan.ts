/**
 * Scans a made-up root into the database named in argv, as often as it is started: what is there already
 * is skipped, as a resumed scan does. Tells each finished batch on stdout. Bundled and started by tests.
 */
import { ProblemError } from '../../../src/model/problem.js';
import { openStore } from '../../../src/store/open-store.js';
import type { ContentResult } from '../../../src/store/store.js';
import { packChunk } from '../../../src/store/sweep-pack.js';
import {
  analysisId,
  begin,
  blob,
  clock,
  content,
  contentId,
  finding,
  fingerprint,
  keyId,
  place,
  receipt,
  rootOf,
} from './fixtures.js';

const batches = 12;
const perBatch = 300;
const p = place('child');
const root = rootOf(p);

function contentOf(n: number): ContentResult {
  const alias = { domain: 'hex-lower', fingerprint: fingerprint(`alias ${n % 37}`) };
  const one = finding(fingerprint(n % 97), n % 5 === 0 ? { aliases: [alias] } : {});
  return content(n, { findings: n % 3 === 0 ? [one] : [] });
}

async function main(path: string): Promise<void> {
  const store = await openStore({ path, keyId, mode: 'write', now: clock() });
  const writer = await begin(store);
  await writer.upsertPlace(p);
  for (let batch = 0; batch < batches; batch++) {
    const all = Array.from({ length: perBatch }, (_, i) => contentOf(batch * perBatch + i));
    const ids = Buffer.from(all.map(({ id }) => id).join(''), 'hex');
    const known = await writer.knownContents(ids, analysisId);
    const chunks = [];
    for (let i = 0; i < perBatch; i += 48) {
      const contents = all.slice(i, i + 48).map(({ id }) => id);
      const tags = Float64Array.from({ length: 50 }, (_, k) => (batch * 7919 + i * 31 + k) * 1_000_003);
      const masks = tags.map((tag) => (tag % 2 ** contents.length) + 1);
      chunks.push(packChunk({ contents, tags, masks }));
    }
    const isKnown = known.every((state) => state > 0);
    if (!isKnown) await writer.writeBatch(root, { contents: all, chunks });
    // Asking for what is held has the batch written, so that a kill meets a database at work.
    await writer.holdings(root);
    process.stdout.write(`batch ${batch}\n`);
  }
  const hits = await writer.holdings(root);
  const paths = new Map(Array.from({ length: batches * perBatch }, (_, n) => [contentId(n), `src/${n}.ts`]));
  for (let i = 0; i < hits.length; i += 100) {
    const part = hits.slice(i, i + 100);
    const rows = part.map((id) => ({ content: id, appearances: [blob(paths.get(id) ?? '')] }));
    await writer.writeAppearances(root, rows);
    await writer.holdings(root);
    process.stdout.write(`appearances ${i}\n`);
  }
  await writer.finishRoot(root, { analysisId, receipt, whole: true });
  await writer.finish(receipt);
  store.close();
  process.stdout.write('done\n');
}

main(process.argv[2] ?? '').catch((error: unknown) => {
  process.stdout.write(`failed ${error instanceof ProblemError ? error.problem.code : String(error)}\n`);
  process.exitCode = 2;
});
