import { expect, test, vi } from 'vitest';

const settings: { [script: string]: object } = {};
vi.mock('vscode', () => ({
  workspace: {
    getConfiguration: () => ({ get: () => settings }),
    getWorkspaceFolder: () => ({ uri: { fsPath: '/project' } }),
    asRelativePath: ({ fsPath }: { fsPath: string }) => fsPath.replace('/project/', ''),
  },
}));
const { LaunchConfigurations } = await import('../../extension/launchConfigurations.ts');

const script = { fsPath: '/project/training/train.py' };
type Uri = Parameters<InstanceType<typeof LaunchConfigurations>['of']>[0];
type Memory = ConstructorParameters<typeof LaunchConfigurations>[0];

function configurations() {
  const kept = new Map<string, unknown>();
  const memory = {
    get: (key: string, otherwise: unknown) => kept.get(key) ?? otherwise,
    update: async (key: string, value: unknown) => void kept.set(key, value),
  };
  return new LaunchConfigurations(memory as unknown as Memory);
}
const uri = script as unknown as Uri;

test('a launch configuration for torchrun: ranks, arguments, folder and environment', () => {
  settings['training/train.py'] = {
    command: 'torchrun --nproc_per_node=2 train.py --epochs 3',
    cwd: 'training',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a setting's variable
    env: { DATA: '${workspaceFolder}/data' },
  };
  expect(configurations().of(uri)).toMatchObject({
    torchrun: ['--nproc_per_node=2'],
    arguments: ['--epochs', '3'],
    cwd: '/project/training',
    environment: { DATA: '/project/data' },
  });
});

test('what was run last goes before it, until it is emptied', async () => {
  settings['training/train.py'] = { command: '--epochs 3' };
  const launch = configurations();
  await launch.use(uri, 'LR=0.1 --epochs 1');
  expect(launch.of(uri)).toMatchObject({ arguments: ['--epochs', '1'], environment: { LR: '0.1' } });
  await launch.use(uri, '');
  expect(launch.of(uri)).toMatchObject({ arguments: ['--epochs', '3'], environment: {}, cwd: '/project' });
});
