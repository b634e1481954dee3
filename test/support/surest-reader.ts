/** Chooses a reader, and sees that no other would have been surer: readers that cannot be are not asked at all. */
import type { Probe } from '../../src/sources/exports/contract.js';
import { type Choice, chooseReader, exportReaders } from '../../src/sources/exports/registry.js';

export function surestReader(probe: Probe, system?: string): Choice | undefined {
  const choice = chooseReader(probe, system);
  const isJson = probe.json?.isSure === true && probe.json.keys.length > 0;
  let best: { readonly id: string; readonly score: number } | undefined;
  for (const reader of exportReaders) {
    const score = reader.recognise(probe)?.score ?? 0;
    if (score > reader.most) throw new Error(`${reader.id} says ${score}, and at most ${reader.most}`);
    if ((isJson && reader.isNeverJson === true) || (system !== undefined && reader.system !== system))
      continue;
    if (score > (best?.score ?? 0)) best = { id: reader.id, score };
  }
  if (best?.id !== choice?.reader.id)
    throw new Error(`${best?.id} is surest of ${probe.name}, not ${choice?.reader.id}`);
  for (const likely of exportReaders) {
    const other = chooseReader(probe, system, likely)?.reader.id;
    if (other !== best?.id) throw new Error(`${other} instead of ${best?.id} when ${likely.id} is likely`);
  }
  return choice;
}
