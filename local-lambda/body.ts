import type {FastifyInstance} from 'fastify';

/** A request's body. */
export interface Body {
  /** The bytes; empty when there were more than the limit. */
  readonly bytes: Buffer;
  /** How many bytes were sent. */
  readonly size: number;
}

/** The body of a request without one. */
export const NO_BODY: Body = {bytes: Buffer.alloc(0), size: 0};

/**
 * Makes `app` take bodies of every content type as a {@link Body}. A body over `limit` bytes is read and
 * dropped. fastify's own limit closes the connection, and a client that is still sending would see a broken
 * pipe instead of the answer.
 */
export function acceptBodies(app: FastifyInstance, limit: number): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', async (_request: unknown, stream: AsyncIterable<Buffer>): Promise<Body> => {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of stream) {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else chunks.length = 0;
    }
    return {bytes: Buffer.concat(chunks), size};
  });
}
