// The workloads of workloads.ts for libraries without PyTorch's modules: functions of a library's `kit` of operations
// (tfjs.mjs, jax.mjs, jsPytorch.mjs), of the parameters by our names, and of the batch.

function perceptron(kit, p, x, places) {
  return places.reduce((h, place, i) => {
    const y = kit.linear(h, p[`${place}.weight`], p[`${place}.bias`]);
    return i < places.length - 1 ? kit.relu(y) : y;
  }, x);
}

function lenet(kit, p, x) {
  let h = kit.maxPool(kit.relu(kit.conv(x, p['0.weight'], p['0.bias'], { padding: 2 })));
  h = kit.maxPool(kit.relu(kit.conv(h, p['3.weight'], p['3.bias'])));
  return perceptron(kit, p, kit.flatten(h), [7, 9, 11]);
}

function block(kit, p, x, at, stride) {
  const norm = (y, name) => kit.batchNorm(y, p[`${at}.${name}.weight`], p[`${at}.${name}.bias`]);
  const conv = (y, name, options) => kit.conv(y, p[`${at}.${name}.weight`], null, options);
  const h = kit.relu(norm(conv(x, 'conv1', { stride, padding: 1 }), 'norm1'));
  const y = norm(conv(h, 'conv2', { padding: 1 }), 'norm2');
  const wider = `${at}.shortcut.0.weight` in p;
  return kit.relu(kit.add(y, wider ? norm(conv(x, 'shortcut.0', { stride }), 'shortcut.1') : x));
}

function resnet20(kit, p, x) {
  let h = kit.relu(kit.batchNorm(kit.conv(x, p['0.weight'], null, { padding: 1 }), p['1.weight'], p['1.bias']));
  for (let i = 0; i < 9; i++) h = block(kit, p, h, 3 + i, i === 3 || i === 6 ? 2 : 1);
  return kit.linear(kit.meanPool(h), p['14.weight'], p['14.bias']);
}

function transformer(kit, p, x) {
  const heads = 4;
  let h = kit.add(kit.embedding(p['tokens.weight'], x), p['places.weight']);
  for (const at of ['blocks.layers.0', 'blocks.layers.1']) {
    const of = (name) => [p[`${at}.${name}.weight`], p[`${at}.${name}.bias`]];
    const projected = [p[`${at}.selfAttn.inProjWeight`], p[`${at}.selfAttn.inProjBias`]];
    const seen = kit.causalAttention(kit.layerNorm(h, ...of('norm1')), ...projected, heads);
    h = kit.add(h, kit.linear(seen, ...of('selfAttn.outProj')));
    const wide = kit.gelu(kit.linear(kit.layerNorm(h, ...of('norm2')), ...of('linear1')));
    h = kit.add(h, kit.linear(wide, ...of('linear2')));
  }
  return kit.linear(h, p['head.weight'], p['head.bias']);
}

function lstm(kit, p, x) {
  const weights = ['weightIhL0', 'weightHhL0', 'biasIhL0', 'biasHhL0'].map((name) => p[`lstm.${name}`]);
  return kit.linear(kit.lstm(kit.embedding(p['tokens.weight'], x), ...weights), p['head.weight'], p['head.bias']);
}

const classes = (model) => (kit, p, x, y) => kit.crossEntropy(model(kit, p, x), y);

/** The loss of each workload. */
export const losses = {
  tiny: (kit, p, x, y) => kit.logisticLoss(perceptron(kit, p, x, [0, 2, 4]), y),
  mlp: classes((kit, p, x) => perceptron(kit, p, x, [0, 2, 4])),
  lenet: classes(lenet),
  transformer: classes(transformer),
  resnet20: classes(resnet20),
  lstm: classes(lstm),
};
