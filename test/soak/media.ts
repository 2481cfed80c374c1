export {makeMedia as setup} from '../faults/support/project.ts';
