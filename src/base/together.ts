/**
 * Runs several tasks side by side. The first failure stops the rest, and is thrown once all of them have
 * ended: no task outlives the call.
 *
 * @param signal stops all of them
 * @param start begins the work; each piece listens to `stop`
 */
export async function together<T extends readonly unknown[]>(
  signal: AbortSignal,
  start: (stop: AbortSignal) => {[K in keyof T]: Promise<T[K]>},
): Promise<T> {
  const failure = new AbortController();
  const pieces = start(AbortSignal.any([signal, failure.signal]));
  const watched = pieces.map((piece) =>
    piece.catch((error: unknown) => {
      failure.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(watched);
  failure.signal.throwIfAborted();
  return (await Promise.all(watched)) as unknown as T;
}
