import './hooks.ts';
import project from 'virtual:revideo-project';
import type {Timeline} from '../../../model/timeline.ts';
import type {GivenVariables} from '../unasked-variables.ts';
import {tellFrames, tellLoaded} from './console.ts';
import {type DrawnSegment, drawSegments} from './draw.ts';
import {guarded, listenForFailures, type PageAnswer} from './failures.ts';
import {missingFamilies, noteFamilies} from './families.ts';
import {Film} from './film.ts';
import {missingGlyphs} from './glyphs.ts';
import {pageWarnings} from './page-warnings.ts';
import {projectMistake} from './project-mistake.ts';
import {reader} from './remote.ts';
import {listSounds} from './sounds.ts';

/** The functions that Node calls in the page. */
export interface PageApi {
  plan(request: FilmRequest): Promise<PageAnswer<Omit<Timeline, 'segments'> & {given: GivenVariables}>>;
  /** The project's variables where none are given, as the JSON of a `ProjectVariables`. */
  variables(request: FilmRequest): Promise<PageAnswer<string>>;
  render(
    request: FilmRequest & {
      start: number;
      end: number;
      /** Frames of each segment, in order. */
      segments: readonly number[];
      frameHashes: boolean;
      /** Where bytes are posted to. */
      output: string;
      /** Whether to encode in the page; otherwise the frames are sent as they are. */
      encode: boolean;
    },
  ): Promise<PageAnswer<null>>;
}

/** A finished segment, as the page reports it to Node. */
export interface ReportedSegment extends DrawnSegment {
  /** Names the document, for the files of other servers that it has read. */
  reader: string;
  /** Problems so far that do not stop the render. */
  warnings: string[];
}

/** Which film it is about. */
interface FilmRequest {
  /** Left out: the project's own. */
  variables?: Record<string, unknown> | undefined;
  /** Seconds in which a server has to say something about a clip, a sound or a picture. */
  mediaTimeout: number;
  /** Frames after which the project counts as one that never ends. */
  maxFrames: number;
}

declare global {
  interface Window {
    revideoLambda: PageApi;
    /** Given by Node: something moves. */
    signOfLife?: () => Promise<void>;
    /** Given by Node: a segment is drawn, and all its bytes have been sent. */
    reportSegment?: (segment: ReportedSegment) => Promise<void>;
    /** Given by Node: how many frames of the chunk are drawn. */
    reportFrames?: (drawn: number) => Promise<void>;
  }
}

/** Milliseconds between two heartbeats while frames are counted or passed over. */
const SIGN_EVERY = 1_000;

let film: Film | undefined;
let lastSign = 0;
const signOfLife = () => {
  if (performance.now() - lastSign < SIGN_EVERY) return;
  lastSign = performance.now();
  void window.signOfLife?.();
};
const position = () => film?.position;
/** Names of the project's own variables; those that are given replace them. */
const ownNames = Object.keys(project?.variables ?? {});

const mistake = projectMistake(project);
const notAProject: PageAnswer<never> | undefined =
  mistake === undefined ? undefined : {failure: {kind: 'project', message: mistake}};

window.revideoLambda = {
  plan: async ({mediaTimeout, ...request}) => {
    if (notAProject) return notAProject;
    return guarded({position, mediaTimeout}, async () => {
      tellLoaded();
      film = new Film(project, request, signOfLife);
      await film.count();
      const {frames, fps, size} = film;
      const given = film.given(ownNames);
      const sounds = await listSounds(film);
      const warnings = pageWarnings();
      return {frames, fps, size, given, sounds, ...(warnings.length > 0 && {warnings})};
    });
  },

  variables: async ({mediaTimeout, ...request}) => {
    if (notAProject) return notAProject;
    return guarded({position, mediaTimeout}, async () => {
      film = new Film(project, request, signOfLife);
      await film.count();
      return JSON.stringify(film.variables);
    });
  },

  render: ({mediaTimeout, ...request}) =>
    guarded({position, mediaTimeout}, async () => {
      const playing = new Film(project, request, signOfLife);
      film = playing;
      await playing.count();
      tellFrames({position: () => playing.position, start: request.start, end: request.end});
      const onFrames = (drawn: number) => void window.reportFrames?.(drawn);
      const onSegment = async (segment: DrawnSegment) => {
        const warnings = [...missingFamilies(), ...missingGlyphs(), ...pageWarnings()];
        await window.reportSegment?.({...segment, reader, warnings});
      };
      await drawSegments(playing, {...request, onFrames, onSegment});
      return null;
    }),
};

noteFamilies();
if (!notAProject) listenForFailures(project);
