declare module 'virtual:revideo-project' {
  import type {Project} from '@revideo/core';

  const project: Project;
  // biome-ignore lint/style/noDefaultExport: Revideo projects are default exports.
  export default project;
}
