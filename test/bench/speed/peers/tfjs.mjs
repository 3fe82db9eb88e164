// TensorFlow.js on its WebAssembly backend, with SIMD; in Node it has no threads.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs';

await tf.setBackend('wasm');
await tf.ready();

const installed = path.dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs/package.json'));
export const { version } = JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8'));

// The backend computes on [n, height, width, channels]: images and kernels are laid so once, at the start.
const laid = (tensor) => (tensor.rank !== 4 ? tensor : tf.transpose(tensor, [0, 2, 3, 1]));
const kernel = (tensor) => (tensor.rank !== 4 ? tensor : tf.transpose(tensor, [2, 3, 1, 0]));

const native = ({ data, shape }) => tf.tensor(data, shape, data instanceof Int32Array ? 'int32' : 'float32');

function normalized(x, axes, weight, bias) {
  const { mean, variance } = tf.moments(x, axes, true);
  return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5))), weight), bias);
}

function linear(x, weight, bias) {
  const rows = tf.reshape(x, [-1, weight.shape[1]]);
  return tf.reshape(tf.add(tf.matMul(rows, weight, false, true), bias), [...x.shape.slice(0, -1), weight.shape[0]]);
}

const hidden = (length) =>
  tf.tensor2d(
    Array.from({ length: length ** 2 }, (_, i) => (i % length > Math.floor(i / length) ? -1e9 : 0)),
    [length, length],
  );

const kit = {
  linear,
  relu: tf.relu,
  add: tf.add,
  gelu: (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)),
  conv(x, weight, bias, { stride = 1, padding = 0 } = {}) {
    const around = [
      [0, 0],
      [padding, padding],
      [padding, padding],
      [0, 0],
    ];
    const y = tf.conv2d(x, weight, stride, around);
    return bias ? tf.add(y, bias) : y;
  },
  maxPool: (x) => tf.maxPool(x, 2, 2, 'valid'),
  meanPool: (x) => tf.mean(x, [1, 2]),
  flatten: (x) => tf.reshape(tf.transpose(x, [0, 3, 1, 2]), [x.shape[0], -1]),
  batchNorm: (x, weight, bias) => normalized(x, [0, 1, 2], weight, bias),
  layerNorm: (x, weight, bias) => normalized(x, [-1], weight, bias),
  // The gradient of `gather` needs a kernel that the backend doesn't have.
  embedding(table, indices) {
    const rows = tf.matMul(tf.oneHot(tf.reshape(indices, [-1]), table.shape[0]), table);
    return tf.reshape(rows, [...indices.shape, table.shape[1]]);
  },
  causalAttention(x, weight, bias, heads) {
    const [n, length, width] = x.shape;
    const parts = tf.split(linear(x, weight, bias), 3, -1);
    const [q, k, v] = parts.map((part) =>
      tf.transpose(tf.reshape(part, [n, length, heads, width / heads]), [0, 2, 1, 3]),
    );
    const scores = tf.mul(tf.matMul(q, k, false, true), (width / heads) ** -0.5);
    const seen = tf.matMul(tf.softmax(tf.add(scores, hidden(length))), v);
    return tf.reshape(tf.transpose(seen, [0, 2, 1, 3]), [n, length, width]);
  },
  lstm(x, inputWeight, stateWeight, inputBias, stateBias) {
    const projected = tf.unstack(linear(x, inputWeight, tf.add(inputBias, stateBias)), 1);
    let h = tf.zeros([x.shape[0], stateWeight.shape[1]]);
    let c = h;
    const states = projected.map((part) => {
      const [i, f, g, o] = tf.split(tf.add(part, tf.matMul(h, stateWeight, false, true)), 4, 1);
      c = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)));
      h = tf.mul(tf.sigmoid(o), tf.tanh(c));
      return h;
    });
    return tf.stack(states, 1);
  },
  logisticLoss: (z, y) => tf.mean(tf.sub(tf.softplus(z), tf.mul(z, y))),
  crossEntropy(z, y) {
    const rows = tf.reshape(z, [-1, z.shape.at(-1)]);
    return tf.neg(tf.div(tf.sum(tf.mul(tf.logSoftmax(rows), tf.oneHot(y, rows.shape[1]))), rows.shape[0]));
  },
};

/** A step of SGD; gives its loss where that is wanted. */
export function training(loss, { parameters, x, y }, rate) {
  const variables = Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => [name, tf.variable(kernel(native(parameter)))]),
  );
  const batch = [laid(native(x)), native(y)];
  const optimizer = tf.train.sgd(rate);
  const list = Object.values(variables);
  return (wanted) => {
    const cost = optimizer.minimize(() => loss(kit, variables, ...batch), wanted, list);
    if (!cost) return undefined;
    const [value] = cost.dataSync();
    cost.dispose();
    return value;
  };
}
