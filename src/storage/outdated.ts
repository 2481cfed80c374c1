import {RenderError} from '../base/errors.ts';

/** The error for a record that another process has replaced or deleted since it was read. `place` says where it is. */
export const outdated = (key: string, place: string, cause?: unknown): RenderError =>
  new RenderError(
    'StorageConflict',
    `"${key}" in ${place} has another version by now: another process has written or deleted it. Read it again.`,
    {cause},
  );
