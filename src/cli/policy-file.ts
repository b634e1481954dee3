/** The policy that holds for a command: the one that is named, else that of one's own checkout, else the shipped one. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ProblemError } from '../model/problem.js';
import { type Policy, policyFaultText } from '../rotation/policy/policy.js';
import { type ReadPolicy, readPolicy } from '../rotation/policy/read-policy.js';
import { packageRoot } from '../rules/load-bundle.js';
import { readSmallFile } from '../sources/files/small-file.js';
import { rootOf } from './checkout-files.js';

/** Where a checkout keeps its policy. */
export const ownPolicyName = '.sprawl/policy.yaml';

/** Policies that people write have some hundred lines. */
const maxPolicyBytes = 1024 * 1024;

export interface PolicyText {
  /** As faults and decisions call it. */
  readonly name: string;
  readonly text: string;
  readonly sha256: string;
}

/** @param file as it was typed, relative to the folder */
export function policyText(cwd: string, file?: string): PolicyText {
  const own = join(rootOf(cwd), ownPolicyName);
  if (file !== undefined) return read(resolve(cwd, file), file);
  if (existsSync(own)) return read(own, ownPolicyName);
  return read(join(packageRoot(), 'rules', 'policy', 'default.yaml'), 'rules/policy/default.yaml');
}

function read(path: string, name: string): PolicyText {
  const bytes = readSmallFile(path, maxPolicyBytes);
  if (bytes === undefined) {
    throw new ProblemError({
      code: 'config-invalid',
      message: `There is no policy file that could be read at ${name}.`,
      hint: 'Name a YAML file of at most 1 MB with --policy, or leave it out for the default policy.',
    });
  }
  return {
    name,
    text: bytes.toString('utf8'),
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

/** Reads without throwing for faults: `policy check` prints them. */
export function checkedPolicy({ name, text, sha256 }: PolicyText): ReadPolicy {
  return readPolicy(name, text, sha256);
}

/** Throws `config-invalid` with all faults: a policy that says something else than was meant decides nothing. */
export function loadPolicy(cwd: string, file?: string): Policy {
  const { policy, faults } = checkedPolicy(policyText(cwd, file));
  if (policy !== undefined) return policy;
  throw new ProblemError({
    code: 'config-invalid',
    message: faults.map(policyFaultText).join('\n'),
    hint: 'Mend the policy; "sprawl policy check" shows what is left.',
  });
}
