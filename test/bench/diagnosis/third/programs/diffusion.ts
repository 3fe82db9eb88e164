import { cat, data, F, manualSeed, nn, noGrad, optim, rand, randint, randn } from 'gradlens';

manualSeed(1);
const cloud = data.twoMoons(1000, { noise: 0.03 }).x;
const points = cloud.sub(cloud.mean(0)).div(cloud.std(0));
/** Points between themselves and noise (Ho et al. 2020), with how far; and the noise. */
const blurred = (n) => {
  const clean = points.indexSelect(0, randint(0, 1000, [n]).to('int32'));
  const [time, noise] = [rand([n, 1]), randn([n, 2])];
  const angle = time.mul(Math.PI / 2);
  return [cat([clean.mul(angle.cos()).add(noise.mul(angle.sin())), time, time.mul(6.28).sin()], 1), noise];
};
const [heldX, heldY] = blurred(1000);

class Denoiser extends nn.Module {
  input = new nn.Linear(4, 64);
  middle = new nn.ModuleList([new nn.Linear(64, 64), new nn.Linear(64, 64)]);
  output = new nn.Linear(64, 2);

  forward(x) {
    let h = F.silu(this.input(x));
    for (const layer of this.middle) h = h.add(F.silu(layer(h)));
    return this.output(h);
  }
}
const model = new Denoiser();
const optimizer = new optim.AdamW(model.parameters(), { lr: 0.005 });

for (let step = 0; step < 260; step++) {
  const [x, y] = blurred(128);
  optimizer.zeroGrad();
  const loss = F.mseLoss(model(x), y);
  loss.backward();
  optimizer.step();
}

model.eval();
const missed = noGrad(() => model(heldX).sub(heldY).square().mean().item());
console.log('skill', 1 - missed / heldY.square().mean().item());
