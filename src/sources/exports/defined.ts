/** `T`, whose optional members may be given as undefined. */
export type Loose<T> = {
  [K in keyof T]: Record<never, never> extends Pick<T, K> ? T[K] | undefined : T[K];
};

/** Leaves out the members that are undefined, so that what an export does not say stays absent. */
export function defined<T extends object>(object: NoInfer<Loose<T>>): T {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as T;
}
