/** `node start.ts WORKLOAD FILE`: writes the weights and the batch that every subject begins with. */
import { data } from '../../../../engine/host/api.ts';
import { workload } from './workloads.ts';

const [name, file] = process.argv.slice(2);
const { model, x, y } = workload(name);
data.saveSafetensors({ ...Object.fromEntries(model.namedParameters()), x, y }, file);
console.log('{}');
