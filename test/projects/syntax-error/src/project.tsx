import {makeProject} from '@revideo/core';

export default makeProject({scenes: [,,});
