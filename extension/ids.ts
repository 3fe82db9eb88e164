/** Every id that the manifest and the code must agree on, once. A test compares them with package.json. */
export const COMMANDS = {
  run: 'gradlens.run',
  runWithArguments: 'gradlens.runWithArguments',
  stop: 'gradlens.stop',
  pause: 'gradlens.pause',
  resume: 'gradlens.resume',
  step: 'gradlens.step',
  stepPhase: 'gradlens.stepPhase',
  inspect: 'gradlens.inspect',
  diagnose: 'gradlens.diagnose',
  openFlow: 'gradlens.openFlow',
  openRun: 'gradlens.openRun',
  showLog: 'gradlens.showLog',
  followFolder: 'gradlens.followFolder',
  copyAttachCommand: 'gradlens.copyAttachCommand',
  showIgnored: 'gradlens.showIgnored',
} as const;

/** For links in hovers and the like; not listed in the palette. */
export const INTERNAL_COMMANDS = {
  openLayer: 'gradlens.openLayer',
  inspectTensor: 'gradlens.inspectTensor',
  previewRemedy: 'gradlens.previewRemedy',
  otherRemedies: 'gradlens.otherRemedies',
  tryRemedies: 'gradlens.tryRemedies',
  applyAndRun: 'gradlens.applyAndRun',
  ignoreFinding: 'gradlens.ignoreFinding',
} as const;

/** Settings, below `gradlens.` */
export const SETTINGS = {
  python: 'python',
  budget: 'budget',
  launch: 'launch',
} as const;

export const FLOW_VIEW = 'gradlens.flow';
export const OUTPUT_LANGUAGE = 'gradlens-output';

/** Context keys that `when` clauses use. */
export const CONTEXT = {
  /** The active editor holds a script that imports the engine. */
  isScript: 'gradlens.isScript',
  /** A run is going on, paused or not. */
  running: 'gradlens.running',
  paused: 'gradlens.paused',
  /** The same of the script in the active editor. */
  scriptRunning: 'gradlens.scriptRunning',
  scriptPaused: 'gradlens.scriptPaused',
  /** There is a run to look at, going on or ended. */
  hasRun: 'gradlens.hasRun',
} as const;

/** Languages of scripts that can be run. */
export const SCRIPT_LANGUAGES = ['typescript', 'javascript', 'python'] as const;
