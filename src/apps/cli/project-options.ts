import {Option} from 'commander';
import {TYPE_CHECKS} from '../../model/type-checks.ts';

/** Which project a command is about: `chooseProject` finds it. */
export const projectOption = (): Option =>
  new Option(
    '--project <path>',
    'the project: its folder, or its project file (default: this folder; in the repository, revideo-project)',
  );

/** How to treat fonts that are not available. */
export const missingFontsOption = (): Option =>
  new Option(
    '--missing-fonts <what>',
    'how to treat a font or a style sheet that is not available (default: as REVIDEO_MISSING_FONTS says, or error)',
  ).choices(['error', 'warn']);

/** How to treat type errors of a project that is built here. */
export const typeCheckOption = (): Option =>
  new Option(
    '--type-check <name>',
    'how to treat type errors of the project (default: as REVIDEO_TYPE_CHECK says, or warn)',
  ).choices(TYPE_CHECKS);
