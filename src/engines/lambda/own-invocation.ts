import type {Context} from 'aws-lambda';
import type {LambdaUsage} from '../../model/usage.ts';

/** The architecture of this process, in Lambda's words. */
export const ARCHITECTURE: LambdaUsage['architecture'] = process.arch === 'arm64' ? 'arm64' : 'x86_64';

/** The part of Lambda's context that describes an invocation. */
type InvocationContext = Partial<Pick<Context, 'awsRequestId' | 'memoryLimitInMB'>>;

/** Milliseconds that this process has taken to start, and that its first invocation is billed for too. */
export interface ColdStart {
  initMs: number;
}

/**
 * Begins to measure the invocation that this process runs now. The returned function gives its usage if it
 * ended at that moment; undefined where nothing is billed.
 *
 * @param coldStart left out where an earlier invocation was billed for it
 */
export function ownInvocation(
  {awsRequestId: id, memoryLimitInMB}: InvocationContext,
  {kind, coldStart}: {kind: LambdaUsage['kind']; coldStart?: ColdStart | undefined},
): (() => LambdaUsage) | undefined {
  const memoryMb = Number(memoryLimitInMB);
  if (!id || !(memoryMb >= 1)) return undefined;
  const began = performance.now();
  const initMs = coldStart && Math.round(coldStart.initMs);
  return () => ({
    provider: 'aws-lambda',
    id,
    kind,
    billedMs: Math.ceil(performance.now() - began + (initMs ?? 0)),
    ...(initMs !== undefined && {initMs}),
    memoryMb,
    architecture: ARCHITECTURE,
    exact: false,
  });
}
