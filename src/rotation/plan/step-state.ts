/** States of a step: apart from plans, since records of the log name them too. */
export const stepStates = ['todo', 'doing', 'done', 'failed', 'skipped', 'frozen'] as const;
export type StepState = (typeof stepStates)[number];
