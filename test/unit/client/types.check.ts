import type {z} from 'zod';
import type * as client from '../../../src/apps/client/types.ts';
import type {CancelResult} from '../../../src/job/cancel-job.ts';
import type {JobStatus} from '../../../src/job/job-status.ts';
import type {FullRender} from '../../../src/model/event.ts';
import type {Progress} from '../../../src/model/progress.ts';
import type {FullResult} from '../../../src/model/result.ts';

/**
 * The client's types are a second copy, because a program that imports them has neither zod nor our sources.
 * `npm run check` compares both: this file does not compile if they differ.
 */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
/** Every field may be left out, and none has another type. */
type Fields<T> = Required<{[K in keyof T]-?: Exclude<T[K], undefined>}>;

type Sent = Omit<z.input<typeof FullRender>, 'variables' | 'jobType' | 'webhook'>;
type Asked = Omit<client.RenderRequest, 'variables' | 'jobType' | 'webhook'>;

/** Fields that every result of this version has, and that a result of an older function may lack. */
type Warned = Pick<FullResult, 'warnings'>;

export const SAME: readonly true[] = [
  true satisfies Same<Fields<Sent>, Fields<Asked>>,
  true satisfies Same<keyof z.input<typeof FullRender>, keyof client.RenderRequest>,
  true satisfies Same<FullResult, client.RenderResult & Warned>,
  // An older function's answer reaches the caller as it is.
  true satisfies Same<string[] | undefined, client.RenderResult['warnings']>,
  true satisfies Same<Progress, client.RenderProgress>,
  true satisfies Same<JobStatus, client.RenderStatus & {result?: Warned}>,
  true satisfies Same<CancelResult, client.CancelResult>,
];
