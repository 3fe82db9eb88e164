// jax-js: the whole step (loss, gradient, update) as one jitted function. In Node it has WebAssembly and no threads.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { init, jit, lax, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';

await init('wasm');

const main = createRequire(import.meta.url).resolve('@jax-js/jax');
export const { version } = JSON.parse(readFileSync(path.join(path.dirname(main), '../package.json'), 'utf8'));

const native = ({ data, shape }) => np.array(data).reshape(shape);

// A function takes over what it's given, so everything is passed on as another reference. This happens once, when a step
// is traced; what is compiled then has none of it.
const linear = (x, weight, bias) => np.matmul(x.ref, weight.ref.transpose()).add(bias.ref);

function normalized(x, axes, weight, bias, shape) {
  const centered = x.ref.sub(np.mean(x.ref, axes, { keepdims: true }));
  const variance = np.mean(np.square(centered.ref), axes, { keepdims: true });
  const scaled = centered.mul(np.reciprocal(np.sqrt(variance.add(1e-5))));
  return scaled.mul(weight.ref.reshape(shape)).add(bias.ref.reshape(shape));
}

const kit = {
  linear,
  relu: (x) => nn.relu(x.ref),
  add: (x, y) => x.ref.add(y.ref),
  gelu: (x) => nn.gelu(x.ref, { approximate: false }),
  conv(x, weight, bias, { stride = 1, padding = 0 } = {}) {
    const around = [
      [padding, padding],
      [padding, padding],
    ];
    const y = lax.convGeneralDilated(x.ref, weight.ref, [stride, stride], around);
    return bias ? y.add(bias.ref.reshape([1, -1, 1, 1])) : y;
  },
  // windows don't overlap, so this is a reshape and a maximum
  maxPool(x) {
    const [n, channels, height, width] = x.shape;
    return np.max(x.ref.reshape([n, channels, height / 2, 2, width / 2, 2]), [3, 5]);
  },
  meanPool: (x) => np.mean(x.ref, [2, 3]),
  flatten: (x) => x.ref.reshape([x.shape[0], -1]),
  batchNorm: (x, weight, bias) => normalized(x, [0, 2, 3], weight, bias, [1, -1, 1, 1]),
  layerNorm: (x, weight, bias) => normalized(x, -1, weight, bias, [-1]),
  embedding: (table, indices) => np.matmul(nn.oneHot(indices.ref, table.shape[0]), table.ref),
  causalAttention(x, weight, bias, heads) {
    const [n, length, width] = x.shape;
    const all = linear(x, weight, bias).reshape([n, length, 3, heads, width / heads]);
    const [q, k, v] = np.unstack(all, 2);
    return nn.dotProductAttention(q, k, v, { isCausal: true }).reshape([n, length, width]);
  },
  lstm(x, inputWeight, stateWeight, inputBias, stateBias) {
    const size = stateWeight.shape[1];
    const projected = np.unstack(linear(x, inputWeight, inputBias.ref.add(stateBias.ref)), 1);
    let h = np.zeros([x.shape[0], size]);
    let c = np.zeros([x.shape[0], size]);
    const states = projected.map((part) => {
      const gates = part.add(np.matmul(h.ref, stateWeight.ref.transpose()));
      const [i, f, g, o] = np.split(gates, 4, 1);
      c = nn
        .sigmoid(f)
        .mul(c)
        .add(nn.sigmoid(i).mul(np.tanh(g)));
      h = nn.sigmoid(o).mul(np.tanh(c.ref));
      return h.ref;
    });
    return np.stack(states, 1);
  },
  logisticLoss: (z, y) => np.mean(nn.softplus(z.ref).sub(z.ref.mul(y.ref))),
  crossEntropy(z, y) {
    const rows = z.ref.reshape([-1, z.shape.at(-1)]);
    const [count, width] = rows.shape;
    return np.sum(nn.logSoftmax(rows, -1).mul(nn.oneHot(y.ref, width))).mul(-1 / count);
  },
};

/** A step of SGD; gives its loss where that is wanted. */
export function training(loss, start, rate) {
  const [x, y] = [native(start.x), native(start.y)];
  let parameters = Object.fromEntries(Object.entries(start.parameters).map(([name, value]) => [name, native(value)]));
  const update = jit((given, input, target) => {
    const [value, gradients] = valueAndGrad((inner) => loss(kit, inner, input, target))(tree.ref(given));
    return [value, tree.map((p, gradient) => p.ref.sub(gradient.ref.mul(rate)), given, gradients)];
  });
  return async (wanted) => {
    const [value, updated] = update(parameters, x.ref, y.ref);
    parameters = updated;
    // Steps that nobody waits for would pile up; of its ways to wait this is the fastest.
    const [first] = await value.data();
    return wanted ? first : undefined;
  };
}
