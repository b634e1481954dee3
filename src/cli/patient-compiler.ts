/**
 * Has V8 optimize later than it would. The default is for programs that live long: a scan of a small history spent
 * more on compiling, in threads beside, than on running what was compiled. Sixteen times the default saves a fifth
 * of the CPU of a first scan of express and of 100 new commits, and nothing is lost in redis (docs/design/0010).
 * What a start has run is kept as well: V8 drops code that was not run for a while, and the code cache that a long scan
 * wrote then lacked it, which made every later start 55 ms slower.
 */
import { setFlagsFromString } from 'node:v8';

/** By Node's major version, those that were tried: an unknown flag would be complained of on stderr. */
const flags: Readonly<Record<string, { readonly flag: string; readonly usual: number }>> = {
  20: { flag: 'interrupt-budget', usual: 67_584 },
  22: { flag: 'invocation-count-for-turbofan', usual: 3000 },
  24: { flag: 'invocation-count-for-turbofan', usual: 3000 },
};
const times = 16;

/** Undone by the function that it gives: V8 takes no code cache that was written under other flags. */
export function compilePatiently(): () => void {
  const known = flags[process.versions.node.split('.', 1)[0] ?? ''];
  if (known === undefined) return () => undefined;
  const { flag, usual } = known;
  setFlagsFromString(`--${flag}=${usual * times}`);
  setFlagsFromString('--no-flush-bytecode');
  return () => {
    setFlagsFromString(`--${flag}=${usual}`);
    setFlagsFromString('--flush-bytecode');
  };
}
