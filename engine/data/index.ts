export { type CsvOptions, readCsv } from './csv.ts';
export * from './dataset.ts';
export * from './loader.ts';
export * from './synthetic.ts';
export * as transforms from './transforms.ts';
