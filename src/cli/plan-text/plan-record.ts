/** A plan as plain data: `schemas/plan.schema.json`. Fields are added, never renamed or removed. */
import type { Copy } from '../../rotation/dossier.js';
import type { Plan, Step } from '../../rotation/plan/plan.js';

/** Number of the form; only a change that breaks readers raises it. */
export const planFormat = 1;

/** Where it stands, by the sort of place. */
function spotRecord({ appearance, position }: Copy['location']): object {
  switch (appearance.type) {
    case 'record': {
      const { recordType, recordId, field, permalink } = appearance;
      return { recordType, recordId, field, ...(permalink === undefined ? {} : { permalink }) };
    }
    case 'git-text':
      return appearance.commit === undefined ? {} : { commit: appearance.commit.id };
    case 'file':
      return { path: appearance.path.text, line: position.line };
    case 'git-blob': {
      const { path, introduced, removed } = appearance;
      return {
        ...(path === undefined ? {} : { path: path.text }),
        line: position.line,
        ...(introduced === undefined ? {} : { firstCommit: introduced.id }),
        ...(removed === undefined ? {} : { lastCommit: removed.id }),
      };
    }
  }
}

function copyRecord({ location, presence, audience, custodian, container, isHuman }: Copy): object {
  const { appearance, place, placeName, system, fingerprint, chain } = location;
  return {
    fingerprint,
    place,
    placeName,
    system,
    locationKind: appearance.locationKind,
    ...spotRecord(location),
    ...(chain.length === 0 ? {} : { chain }),
    presence,
    audience,
    ...(custodian === undefined ? {} : { custodian }),
    ...(container === undefined ? {} : { container }),
    isHuman,
  };
}

function stepRecord({ copies, ...step }: Step): object {
  return copies === undefined ? step : { ...step, copies: copies.map(copyRecord) };
}

/** One JSON line: `{"type":"plan", ...}`. How the rule was found is what `policy explain` prints. */
export function planRecord({ decision, steps, ...plan }: Plan): object {
  const { trace: _trace, ...decided } = decision;
  return { type: 'plan', format: planFormat, ...plan, decision: decided, steps: steps.map(stepRecord) };
}
