/** The learning rate of every workload. */
export const RATE = 0.01;
