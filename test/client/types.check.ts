import type {z} from 'zod';
import type {CancelResult} from '../../src/cancel-job.ts';
import type * as client from '../../src/client/types.ts';
import type {FullRender, FullResult} from '../../src/event.ts';
import type {JobStatus} from '../../src/job-status.ts';
import type {Progress} from '../../src/runs/progress.ts';

/**
 * The client's types are written down once more, since whoever imports them has neither zod nor our sources. That they
 * are the same is seen by `npm run check`: this file does not compile if they are not.
 */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
/** Every field may be left out, and none has another type. */
type Fields<T> = Required<{[K in keyof T]-?: Exclude<T[K], undefined>}>;

type Sent = Omit<z.input<typeof FullRender>, 'variables' | 'jobType' | 'webhook'>;
type Asked = Omit<client.RenderRequest, 'variables' | 'jobType' | 'webhook'>;

export const SAME: readonly true[] = [
  true satisfies Same<Fields<Sent>, Fields<Asked>>,
  true satisfies Same<keyof z.input<typeof FullRender>, keyof client.RenderRequest>,
  true satisfies Same<FullResult, client.RenderResult>,
  true satisfies Same<Progress, client.RenderProgress>,
  true satisfies Same<JobStatus, client.RenderStatus>,
  true satisfies Same<CancelResult, client.CancelResult>,
];
