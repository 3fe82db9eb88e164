// The schedules once more under PyTorch's name for them, `optim.lrScheduler`.
export * from './cycles.ts';
export * from './plateau.ts';
export * from './schedulers.ts';
export * from './sequences.ts';
