import {z} from 'zod';

/** The levels of the console and of Revideo's logger. */
const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** Characters of one line at most. */
export const LINE_CHARACTERS = 2_000;

/** A line that a project's code writes to the console or to Revideo's logger. */
export const SceneLine = z.object({
  level: z.enum(LEVELS),
  text: z.string().transform((text) => text.slice(0, LINE_CHARACTERS)),
  /** Where the film was; left out for code that runs when the project is loaded. */
  scene: z
    .string()
    .transform((name) => name.slice(0, 200))
    .optional(),
  frame: z.number().int().optional(),
});
export type SceneLine = z.infer<typeof SceneLine>;

/** Takes what a project's code writes. */
export type OnSceneLine = (line: SceneLine) => void;

/** A line for a person, with where it comes from in front. */
export function shownLine({level, text, scene, frame}: SceneLine): string {
  const place = scene === undefined ? 'the project, when it is loaded' : `${scene}, frame ${frame}`;
  return `[${place}]${level === 'info' ? '' : ` ${level}:`} ${text}`;
}
