import {relative} from 'node:path';
import {revideoVersion, versionWarning} from '../../renderers/revideo/packages.ts';
import {findProject} from '../../renderers/revideo/project.ts';
import {type Check, tryOut} from '../check/check.ts';

/** Finds a project, and says which file it is and which Revideo renders it. */
export const projectCheck = (named: string): Promise<Check> =>
  tryOut({
    name: 'project',
    work: async () => {
      const {folder, file, packages} = await findProject(named);
      const detail = `${relative(folder, file)} in ${folder}, Revideo ${revideoVersion(packages)}`;
      const mend = versionWarning({folder, packages});
      return mend ? {state: 'warning', detail, mend} : detail;
    },
  });
