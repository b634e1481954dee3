/** A plan as the evidence log has it, without the commands that record steps: tests of what reads the log. */
import { join } from 'node:path';
import type { LogEntry } from '../../src/rotation/log/record.js';
import { openEvidenceLog } from '../../src/store/evidence-log.js';
import type { CliHome } from './scratch.js';

export const recordedPlan = '0a1b2c3d4e5f';
const revision = 'aaaabbbbcccc';

type StepData = Partial<Extract<LogEntry, { action: 'step' }>['data']>;

export interface PlanRecorder {
  /** A step that is done, at a time. */
  step(at: string, step: string, data?: StepData): Promise<void>;
  add(at: string, entry: LogEntry): Promise<void>;
}

/** Records the creation of {@link recordedPlan}. */
export async function recordPlan(home: CliHome, fingerprint: string, at: string): Promise<PlanRecorder> {
  const log = openEvidenceLog(join(home.home, 'data', 'sprawl', 'sprawl.db'), 'append');
  const about = { subject: fingerprint, plan: recordedPlan };
  const add = async (time: string, entry: LogEntry): Promise<void> => {
    await log.append([entry], { at: time, actor: 'person-0123456789' });
  };
  await add(at, {
    action: 'plan-created',
    ...about,
    data: { revision, strategy: 'manual', rule: 'otherwise', policy: '0'.repeat(64), others: [] },
  });
  return {
    add,
    step: (time, step, data = {}) =>
      add(time, { action: 'step', ...about, step, data: { state: 'done', revision, ...data } }),
  };
}
