import { data, F, manualSeed, nn, noGrad, optim, rand, randn } from 'gradlens';

manualSeed(80);
/** What a field yields: rain, warmth, nitrogen, acidity and slope; too much of each is bad. */
const N = 1000;
const field = rand([N, 5]).mul(2).sub(1);
const [rain, warmth, nitrogen, acid, slope] = field.unbind(1);
const tons = rain
  .sub(0.2)
  .square()
  .mul(-2.5)
  .add(warmth.mul(rain).mul(1.5))
  .add(nitrogen.mul(2).sigmoid().mul(3))
  .sub(acid.abs().mul(1.2))
  .add(slope.mul(2.5).sin())
  .add(randn([N]).mul(0.1))
  .mul(2)
  .add(6);
const inputs = field;
const targets = tons.sub(tons.mean()).div(tons.std()).unsqueeze(1);
const [trainX, trainY] = [inputs.slice(0, 0, 720), targets.slice(0, 0, 720)];
const [testX, testY] = [inputs.slice(0, 720), targets.slice(0, 720)];
const loader = new data.DataLoader(new data.TensorDataset(trainX, trainY), { batchSize: 48, shuffle: true });

function build(inputsCount, widths) {
  const layers = [];
  let from = inputsCount;
  for (const to of widths) {
    layers.push(new nn.Linear(from, to), new nn.LayerNorm(to), new nn.GELU());
    from = to;
  }
  layers.push(new nn.Linear(from, 1));
  return new nn.Sequential(layers);
}
const yields = build(5, [32, 32]);
const opt = new optim.Adam(yields.parameters(), { lr: 0.008 });
const patience = new optim.ReduceLROnPlateau(opt, { factor: 0.5, patience: 3 });

for (let epoch = 0; epoch < 20; epoch++) {
  yields.train();
  for (const [plot, harvest] of loader) {
    const estimate = yields(plot);
    const loss = F.smoothL1Loss(estimate, harvest);
    opt.zeroGrad();
    loss.backward();
    opt.step();
  }
  yields.eval();
  patience.step(noGrad(() => F.mseLoss(yields(testX), testY).item()));
}

yields.eval();
const missed = noGrad(() => F.mseLoss(yields(testX), testY).item());
console.log('skill', 1 - missed / testY.sub(testY.mean()).square().mean().item());
