import type {S3Client} from '@aws-sdk/client-s3';
import type {Operations} from '../../model/bill.ts';

/** Requests that cost nothing ("Amazon S3 pricing", Requests & data retrievals: DELETE and CANCEL requests are free). */
const FREE = /^(Delete|Abort)/;
/** Requests that cost what a GET costs. */
const READ = /^(Get|Head)/;

/** Requests of the clients so far. */
const counters = new WeakMap<S3Client, Operations>();

/** Counts what a client sends, every part of a large object and every try of the SDK's own: once, for all who ask. */
export function countOperations(client: S3Client): () => Operations {
  const counted = counters.get(client) ?? beginToCount(client);
  return () => ({...counted});
}

function beginToCount(client: S3Client): Operations {
  const counted: Operations = {writes: 0, reads: 0};
  counters.set(client, counted);
  client.middlewareStack.add(
    (next, {commandName = ''}) =>
      (request) => {
        if (READ.test(commandName)) counted.reads++;
        else if (!FREE.test(commandName)) counted.writes++;
        return next(request);
      },
    // Behind the SDK's retries, which stand in the same row.
    {step: 'finalizeRequest', priority: 'low', name: 'countOperations'},
  );
  return counted;
}
