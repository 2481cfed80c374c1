import {resolve} from 'node:path';
import {directoryStorage} from '../storage/directory.ts';
import {s3Storage} from '../storage/s3.ts';
import type {Storage} from '../storage/storage.ts';

/** Where jobs are kept, as the command line names it. */
export interface JobStorageOptions {
  storage: string;
  bucket?: string | undefined;
}

/** The bucket that is named, or else the folder. */
export const jobStorage = ({storage, bucket}: JobStorageOptions): Storage =>
  bucket ? s3Storage({bucket}) : directoryStorage({root: resolve(storage)});
