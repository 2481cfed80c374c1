import {watchConsole} from './console.ts';
import {watchElements} from './failures.ts';
import {watchFonts} from './fonts.ts';
import {watchGlyphs} from './glyphs.ts';
import {nameFetches} from './requests.ts';

// A project may make elements, load fonts and fetch as soon as its code is loaded; this module comes before it.
watchConsole();
watchElements();
watchFonts();
nameFetches();
watchGlyphs();
