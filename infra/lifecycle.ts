import {AGES} from '../src/model/keys.ts';

/** An object or upload that a bucket removes by itself. */
export interface LifecycleRule {
  id: string;
  /** Left out: of all keys. */
  prefix?: string;
  /** Days after which an object is removed. */
  days?: number;
  /** Days after which an unfinished upload is removed. */
  unfinished?: number;
}

/**
 * The rules of a bucket: ages of `src/model/keys.ts`, and uploads of processes that died. Films have none,
 * except those with an expiry.
 */
export const lifecycleRules = (): LifecycleRule[] => [
  ...Object.entries(AGES).map(([prefix, days]) => ({id: `${prefix.replace('/', '')}-expire`, prefix, days})),
  {id: 'unfinished-uploads', unfinished: 1},
];
