/** What the option `--project` means, for help texts. Apart from what finds it, which only some commands need. */
export const PROJECT_HELP =
  'the project: its folder, or its project file (default: this folder; in the repository, revideo-project)';
