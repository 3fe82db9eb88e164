// js-pytorch: arrays of arrays in JavaScript.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { torch } from 'js-pytorch';

const main = createRequire(import.meta.url).resolve('js-pytorch');
export const { version } = JSON.parse(readFileSync(path.join(path.dirname(main), '../package.json'), 'utf8'));

const cannot = (what) => () => {
  throw new Error(`js-pytorch has no ${what}.`);
};

function nested(data, shape, at = 0) {
  const [length, ...rest] = shape;
  if (!rest.length) return Array.from(data.subarray(at, at + length));
  const size = rest.reduce((a, b) => a * b, 1);
  return Array.from({ length }, (_, i) => nested(data, rest, at + i * size));
}

const native = ({ data, shape }, trained = false) => torch.tensor(nested(data, shape), trained);
const range = (from, to) => Array.from({ length: to - from }, (_, i) => from + i);
const rows = (x, from, to) => x.at(range(from, to));

function linear(x, weight, bias) {
  const flat = x.shape.length > 2 ? x.reshape([x.shape.slice(0, -1).reduce((a, b) => a * b, 1), x.shape.at(-1)]) : x;
  const y = torch.add(torch.matmul(flat, weight.transpose(0, 1)), bias);
  return x.shape.length > 2 ? y.reshape([...x.shape.slice(0, -1), weight.shape[0]]) : y;
}

const relu = new torch.nn.ReLU();
const softmax = new torch.nn.Softmax();
// its powers are of positive whole numbers alone
const sigmoid = (x) => torch.ones(x.shape).div(torch.exp(x.neg()).add(1));
const tanh = (x) => sigmoid(x.mul(2)).mul(2).add(-1);

const kit = {
  linear,
  relu: (x) => relu.forward(x),
  add: (x, y) => torch.add(x, y),
  // There is no erf: GELU's usual approximation by a sigmoid of a cubic.
  gelu: (x) =>
    x.mul(
      sigmoid(
        x
          .mul(x.mul(x))
          .mul(0.044715)
          .add(x)
          .mul(2 * Math.sqrt(2 / Math.PI)),
      ),
    ),
  conv: cannot('convolution'),
  layerNorm(x, weight, bias) {
    const centered = x.sub(x.mean(-1, true));
    const deviation = torch.sqrt(torch.pow(centered, 2).mean(-1, true).add(1e-5));
    return centered.div(deviation).mul(weight).add(bias);
  },
  embedding: (table, indices) => table.at(indices).reshape([...indices.shape, table.shape[1]]),
  causalAttention(x, weight, bias, heads) {
    const [n, length, width] = x.shape;
    const [q, k, v] = [0, 1, 2].map((part) => {
      const [from, to] = [part * width, (part + 1) * width];
      const y = linear(x, rows(weight, from, to), rows(bias, from, to));
      return y.reshape([n, length, heads, width / heads]).transpose(1, 2);
    });
    const scores = torch.matmul(q, k.transpose(-2, -1)).mul((width / heads) ** -0.5);
    const mask = torch.broadcast(torch.tril([length, length], false), scores);
    const seen = torch.matmul(
      softmax.forward(
        torch.masked_fill(scores, mask, (e) => e === 0, -1e9),
        -1,
      ),
      v,
    );
    return seen.transpose(1, 2).reshape([n, length, width]);
  },
  lstm(x, inputWeight, stateWeight, inputBias, stateBias) {
    const [n, length] = x.shape;
    const size = stateWeight.shape[1];
    // Rows can be picked, columns can't: time first, and each gate by itself.
    const inTime = x.transpose(0, 1);
    const gates = [0, 1, 2, 3].map((gate) => {
      const [from, to] = [gate * size, (gate + 1) * size];
      const bias = rows(inputBias, from, to).add(rows(stateBias, from, to));
      return {
        projected: linear(inTime, rows(inputWeight, from, to), bias),
        state: rows(stateWeight, from, to).transpose(0, 1),
      };
    });
    let h = torch.zeros([n, size]);
    let c = torch.zeros([n, size]);
    const states = range(0, length).map((t) => {
      const [i, f, g, o] = gates.map(({ projected, state }) =>
        torch.add(rows(projected, t, t + 1).reshape([n, size]), torch.matmul(h, state)),
      );
      c = sigmoid(f)
        .mul(c)
        .add(sigmoid(i).mul(tanh(g)));
      h = sigmoid(o).mul(tanh(c));
      return h;
    });
    return states;
  },
  logisticLoss(z, y) {
    const bounded = torch.log(torch.exp(z).add(1)).sub(z.mul(y));
    return bounded.reshape([z.shape[0]]).mean(0);
  },
  crossEntropy(z, y) {
    const loss = new torch.nn.CrossEntropyLoss();
    return loss.forward(z, y);
  },
};

// There is no way to stack tensors: the head and the loss of a sequence are taken state by state.
const sequences = {
  ...kit,
  linear: (x, weight, bias) =>
    Array.isArray(x) ? x.map((state) => linear(state, weight, bias)) : linear(x, weight, bias),
  crossEntropy(z, y) {
    if (!Array.isArray(z)) return kit.crossEntropy(z, y);
    const batch = z[0].shape[0];
    const targets = (t) => torch.tensor(range(0, batch).map((i) => y.data[i * z.length + t]));
    return z
      .map((state, t) => kit.crossEntropy(state, targets(t)))
      .reduce((a, b) => a.add(b))
      .div(z.length);
  },
};

/** Takes `rate` times the gradient from the weights; the library's own optimizer is Adam alone. */
function descend(weights, gradients, rate) {
  for (let i = 0; i < weights.length; i++) {
    if (typeof weights[i] === 'number') weights[i] -= rate * gradients[i];
    else descend(weights[i], gradients[i], rate);
  }
}

/** A step of SGD; gives its loss where that is wanted. */
export function training(loss, { parameters, x, y }, rate) {
  const named = Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => [name, native(parameter, true)]),
  );
  const batch = [native(x), native(y)];
  const list = Object.values(named);
  return (wanted) => {
    for (const parameter of list) parameter.zero_grad();
    const value = loss(sequences, named, ...batch);
    value.backward();
    for (const parameter of list) descend(parameter.data, parameter.grad, rate);
    return wanted ? [value.data].flat(Infinity)[0] : undefined;
  };
}
