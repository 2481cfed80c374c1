/**
 * Waits; rejects with the signal's reason as soon as it fires. On the global timer, unlike `node:timers/promises`, so
 * that tests can let simulated time pass.
 */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const end = (settle: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      settle();
    };
    const timer = setTimeout(() => end(resolve), milliseconds);
    const stop = () => end(() => reject(signal?.reason));
    signal?.addEventListener('abort', stop);
  });
}
