import { manualSeed, nn, noGrad, optim, rand, tensor } from 'gradlens';

manualSeed(12);
const window = 18;
/** Tides: two waves of different periods, from random times on; what comes after the window is to be told. */
function tides(n) {
  const times = rand([n, 1]).mul(100);
  const hours = tensor([Array.from({ length: window + 1 }, (_, t) => t)]).add(times);
  const level = hours.mul(0.52).sin().add(hours.mul(1.13).cos().mul(0.6));
  return [level.slice(1, 0, window).unsqueeze(2), level.slice(1, window)];
}

class Forecast extends nn.Module {
  rnn = new nn.RNN(1, 28, { batchFirst: true });
  fc = new nn.Linear(28, 1);

  forward(x) {
    const [out] = this.rnn(x);
    return this.fc(out.select(1, window - 1));
  }
}
const net = new Forecast();
const criterion = new nn.MSELoss();
const opt = new optim.Adam(net.parameters(), { lr: 0.006 });

for (let step = 0; step < 240; step++) {
  const [xb, yb] = tides(40);
  opt.zeroGrad();
  const loss = criterion(net(xb), yb);
  loss.backward();
  opt.step();
}

net.eval();
const [testX, testY] = tides(400);
const missed = noGrad(() => net(testX).sub(testY).square().mean().item());
console.log('skill', 1 - missed / testY.sub(testY.mean()).square().mean().item());
