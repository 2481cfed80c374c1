import {type ContactSheet, type ContactSheetRequest, makeContactSheet} from './contact-sheet.ts';
import {findFfmpeg} from './ffmpeg.ts';
import {mp4} from './formats/formats.ts';
import type {OutputFormat} from './formats/output-format.ts';
import {makeSheet, type SheetRequest} from './picture-sheet.ts';
import {makeSoundtrack, type Soundtrack, type SoundtrackRequest} from './sound/soundtrack.ts';

/** The media work of a job. It names no program: an implementation may use ffmpeg, another tool, or none. */
export interface Media {
  /** Checks, before any work begins, that its tools are there. Rejects with `ToolMissing` or `BadSetting`. */
  check(): Promise<void>;
  /** Makes the whole film's sound, as `makeSoundtrack` says. */
  mixSound(request: SoundtrackRequest): Promise<Soundtrack>;
  /** The format of finished films. Its joiner takes segments in any order, while they arrive. */
  readonly format: OutputFormat;
  /** Puts frames of a finished film into one JPEG, as `makeSheet` says. */
  takePictures(request: SheetRequest): Promise<void>;
  /** Makes the overview of a finished film for its report, as `makeContactSheet` says. */
  makeOverview(request: ContactSheetRequest): Promise<ContactSheet>;
}

/** Media by ffmpeg; finished films are MP4 files. */
export const ffmpegMedia: Media = {
  async check() {
    await findFfmpeg();
  },
  mixSound: makeSoundtrack,
  format: mp4,
  takePictures: makeSheet,
  makeOverview: makeContactSheet,
};
