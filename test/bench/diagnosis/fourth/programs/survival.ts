import { manualSeed, nn, noGrad, optim, rand, randn } from 'gradlens';

manualSeed(1);
/** Times until something happens, some of them cut off before: who is in more danger? */
const drawn = (n) => {
  const x = randn([n, 4]);
  const part = (i) => x.select(1, i);
  const danger = part(0).abs().mul(1.5).add(part(1).mul(part(2))).add(part(3).mul(0.5)).sub(1);
  const until = rand([n]).clamp({ min: 1e-6 }).log().neg().div(danger.exp());
  const watched = rand([n]).mul(3).add(0.3);
  return { x, time: until.minimum(watched), happened: until.le(watched).to('float32'), danger };
};
const held = drawn(400);

const model = new nn.Sequential(
  new nn.Linear(4, 32),
  new nn.SiLU(),
  new nn.Linear(32, 32),
  new nn.SiLU(),
  new nn.Linear(32, 1),
);
const optimizer = new optim.Adam(model.parameters(), { lr: 0.006 });

for (let step = 0; step < 220; step++) {
  const { x, time, happened } = drawn(128);
  const still = time.unsqueeze(0).lt(time.unsqueeze(1));
  optimizer.zeroGrad();
  const risk = model(x).squeeze(1);
  const others = risk.unsqueeze(0).expand([128, 128]).maskedFill(still, -1e9).logsumexp(1);
  // Cox 1972
  const loss = others.sub(risk).mul(happened).sum().div(happened.sum());
  loss.backward();
  optimizer.step();
}

model.eval();
const risk = noGrad(() => model(held.x).squeeze(1)).toArray();
const danger = held.danger.toArray();
let [agree, all] = [0, 0];
for (let i = 0; i < 400; i++) {
  for (let j = 0; j < i; j++) {
    all++;
    if (risk[i] > risk[j] === danger[i] > danger[j]) agree++;
  }
}
console.log('skill', (agree / all - 0.5) / 0.5);
