/** Tags of a header of a commit or tag. */
import type { TagSink } from '../detect/analysis.js';

/** Leaves out the ids of other objects, and signatures: nobody's secret, and many more than all else in a header. */
export function headerSink(sink: TagSink): TagSink {
  return {
    tagRuns: (bytes, from, to, visit) => {
      const people = bytes.indexOf(bytes.includes('\nauthor ') ? '\nauthor ' : '\ntagger ');
      const signature = bytes.indexOf('\ngpgsig');
      const start = Math.max(from, people);
      const end = signature < 0 ? to : Math.min(to, signature);
      if (start < end) sink.tagRuns(bytes, start, end, visit);
    },
    add: (tags) => sink.add(tags),
  };
}
