import {z} from 'zod';
import {RenderError} from '../../base/errors.ts';
import {MAX_PIXELS} from '../../base/media-limits.ts';
import type {Timeline} from '../../model/timeline.ts';
import type {GivenVariables} from './unasked-variables.ts';

const side = z.int().min(1);
const frame = z.int().min(0);
/** Names of variables. More names, and longer ones, are of no use in a warning. */
const names = z.array(z.string()).transform((all) => all.filter(({length}) => length <= 100).slice(0, 1000));

/**
 * The allowed answers of a page about its film. The page runs the project's code, and its answers decide
 * arguments of other programs.
 */
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
        // Outside these rates, nothing of the source is audible.
        playbackRate: z.number().min(1e-3).max(1e3),
        volume: z.number().min(0).max(1e3),
      }),
    ),
    warnings: z.array(z.string()).optional(),
    given: z.strictObject({unasked: names, known: names}),
  });

/**
 * Checks that a page's answer describes a valid film.
 *
 * @throws `SceneFailed` that names what is not as it must be
 */
export function checkTimeline(
  answer: unknown,
  maxFrames: number,
): Omit<Timeline, 'segments'> & {given: GivenVariables} {
  const parsed = schema(maxFrames).safeParse(answer);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') || 'its answer';
  throw new RenderError(
    'SceneFailed',
    `The project describes a film that cannot be rendered: ${where}: ${issue?.message}.`,
  );
}
