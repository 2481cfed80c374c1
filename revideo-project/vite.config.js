import revideo from '@revideo/vite-plugin';
import {defineConfig} from 'vite';

// The plugin is a CommonJS module, which Node hands over whole: its own default export is one step further in.
export default defineConfig({plugins: [revideo.default({project: './src/project.tsx'})]});
