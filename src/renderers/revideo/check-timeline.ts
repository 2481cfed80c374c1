import {z} from 'zod';
import {RenderError} from '../../base/errors.ts';
import {MAX_PIXELS} from '../../base/media-limits.ts';
import type {Timeline} from '../../model/timeline.ts';
import type {GivenVariables} from './unasked-variables.ts';

const side = z.int().min(1);
const frame = z.int().min(0);
/** Of variables: more, and longer ones, are of no use in a warning. */
const names = z.array(z.string()).transform((all) => all.filter(({length}) => length <= 100).slice(0, 1000));

/** What a page may say of its film. It runs the project's code, and what it says decides arguments of other programs. */
const schema = (maxFrames: number) =>
  z.strictObject({
    frames: z.int().min(1).max(maxFrames),
    fps: z.number().positive().max(240),
    size: z
      .strictObject({width: side, height: side})
      .refine(({width, height}) => width * height <= MAX_PIXELS, {error: `more than ${MAX_PIXELS} pixels`}),
    sounds: z.array(
      z.strictObject({
        voice: z.string().optional(),
        src: z.string(),
        startFrame: frame,
        frames: z.int().min(1),
        mediaTime: z.number().min(-1e6).max(1e6),
        // Beyond this nothing is heard that was in the source.
        playbackRate: z.number().min(1e-3).max(1e3),
        volume: z.number().min(0).max(1e3),
      }),
    ),
    warnings: z.array(z.string()).optional(),
    given: z.strictObject({unasked: names, known: names}),
  });

/**
 * Sees to it that what a page says of its film is a film.
 *
 * @throws `SceneFailed` that names what is not as it must be
 */
export function checkTimeline(answer: unknown, maxFrames: number): Timeline & {given: GivenVariables} {
  const parsed = schema(maxFrames).safeParse(answer);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') || 'its answer';
  throw new RenderError(
    'SceneFailed',
    `What the project says of its film cannot be: ${where}: ${issue?.message}.`,
  );
}
