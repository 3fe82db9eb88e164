import { MarkdownString, StatusBarAlignment, type StatusBarItem, window } from 'vscode';
import { number, plural } from '../engine/diagnose/phrases.ts';
import { titleOf } from '../engine/diagnose/titles.ts';
import { Disposables } from './dispose.ts';
import { COMMANDS } from './ids.ts';
import { stepsPerSecond } from './panel/runView.ts';
import type { Runs } from './runs/runs.ts';
import type { Session } from './runs/session.ts';

/** The current run in the status bar: how far it has come, how it ended. A click opens the panel. */
export class StatusBar extends Disposables {
  readonly #item: StatusBarItem;

  constructor(runs: Runs) {
    super();
    this.#item = this.add(window.createStatusBarItem('gradlens.run', StatusBarAlignment.Left, 10));
    this.#item.name = 'GradLens run';
    this.#item.command = COMMANDS.openFlow;
    this.add(
      runs.onDidChange(() => {
        // A run that goes on is never hidden by one that has ended.
        const session = runs.live() ?? runs.current;
        if (session) this.#draw(session);
      }),
    );
  }

  #draw(session: Session): void {
    const { run } = session;
    const loss = number(run.history.last?.loss ?? Number.NaN);
    const progress = `${session.name} · step ${run.stepCount} · loss ${loss} · ${number(stepsPerSecond(run))} steps/s`;
    const icon = !session.isLive && session.findings.length && !run.error ? '$(warning)' : ICONS[session.status];
    const text = run.stepCount ? textOf(session, progress) : `${session.name}: ${STATUS_WORDS[session.status]}`;
    this.#item.text = `${icon} ${text}`;
    const tooltip = new MarkdownString()
      .appendText(`${session.name}: ${STATUS_WORDS[session.status]}`)
      .appendMarkdown('\n\n');
    tooltip.isTrusted = { enabledCommands: Object.values(COMMANDS) };
    const link = (label: string, command: string) => `[${label}](command:${command})`;
    const links = session.isLive
      ? [
          ...(session.pausedAt
            ? [link('Resume', COMMANDS.resume), link('Step', COMMANDS.step), link('Step a Phase', COMMANDS.stepPhase)]
            : [link('Pause', COMMANDS.pause)]),
          link('Stop', COMMANDS.stop),
        ]
      : [link('Show Output', COMMANDS.showLog)];
    tooltip.appendMarkdown([link('Open Gradient Flow', COMMANDS.openFlow), ...links].join(' · '));
    this.#item.tooltip = tooltip;
    this.#item.show();
  }
}

function textOf({ run, findings, status, isLive, pausedAt }: Session, progress: string): string {
  if (isLive) return pausedAt ? `paused before ${pausedAt.phase} · ${progress}` : progress;
  const [first] = findings;
  const more = findings.length > 1 ? ` and ${findings.length - 1} more` : '';
  const verdict = first ? `${titleOf(first.id)}${more}` : status === 'settled' ? 'nothing found' : STATUS_WORDS[status];
  return `${verdict} · ${plural(run.stepCount, 'step')} · loss ${number(run.history.last?.loss ?? Number.NaN)}`;
}

/** The panel has the same words. */
const STATUS_WORDS: { readonly [K in Session['status']]: string } = {
  starting: 'starting',
  running: 'running',
  stopping: 'stopping',
  paused: 'paused',
  stepping: 'stepping',
  completed: 'completed',
  settled: 'diagnosed',
  stopped: 'stopped',
  failed: 'failed',
};

const ICONS: { readonly [K in Session['status']]: string } = {
  starting: '$(loading~spin)',
  running: '$(loading~spin)',
  stopping: '$(loading~spin)',
  paused: '$(debug-pause)',
  stepping: '$(debug-pause)',
  completed: '$(check)',
  settled: '$(check)',
  stopped: '$(primitive-square)',
  failed: '$(error)',
};
