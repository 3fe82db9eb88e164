import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS, INTERNAL_COMMANDS, SETTINGS } from '../../extension/ids.ts';

interface Manifest {
  readonly activationEvents?: readonly string[];
  readonly contributes: {
    readonly commands?: readonly { readonly command: string }[];
    readonly configuration: { readonly properties: object };
  };
}

const extension = vscode.extensions.getExtension<unknown>('gradlens.gradlens')!;

describe('The manifest', () => {
  it('is of an extension that VS Code knows', () => {
    assert.ok(extension, 'gradlens.gradlens is present');
  });

  it('costs nothing at start-up: no event activates it for people who do not use it', () => {
    const { activationEvents = [] } = extension.packageJSON as Manifest;
    const costly = activationEvents.filter((event) => /^(\*|onStartupFinished)/.test(event));
    assert.deepEqual(costly, []);
    // nothing of GradLens is open in this fresh window
    assert.equal(extension.isActive, false);
  });

  it('declares exactly the commands that the extension registers', async () => {
    await extension.activate();
    // VS Code itself makes these of every view: gradlens.flow.focus, gradlens.flow.open …
    const ofViews = /^gradlens\.flow\./;
    const registered = (await vscode.commands.getCommands(true)).filter(
      (id) => id.startsWith('gradlens.') && !ofViews.test(id),
    );
    const { commands = [] } = (extension.packageJSON as Manifest).contributes;
    assert.deepEqual(commands.map(({ command }) => command).sort(), Object.values(COMMANDS).sort());
    const all = [...Object.values(COMMANDS), ...Object.values(INTERNAL_COMMANDS)];
    assert.deepEqual(registered.sort(), all.sort());
  });

  it('declares exactly the settings that the extension reads', () => {
    const { properties } = (extension.packageJSON as Manifest).contributes.configuration;
    assert.deepEqual(
      Object.keys(properties).sort(),
      Object.values(SETTINGS)
        .map((name) => `gradlens.${name}`)
        .sort(),
    );
  });
});
