// One file for all: to load CDK and to make its first template takes longer than all of these tests.
import './suites/template.ts';
import './suites/template-settings.ts';
import './suites/synth.ts';
