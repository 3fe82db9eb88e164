import { data, F, manualSeed, nn, noGrad, optim, rand, stack } from 'gradlens';

manualSeed(49);
/** Where the hand of an arm of two bones is, by the angles of its shoulder and its elbow. */
const angles = rand([1100, 2]).mul(3).sub(1.5);
const [shoulder, elbow] = [angles.select(1, 0), angles.select(1, 0).add(angles.select(1, 1))];
const hands = stack([shoulder.cos().add(elbow.cos().mul(0.7)), shoulder.sin().add(elbow.sin().mul(0.7))], 1);
const [trainX, trainY] = [angles.slice(0, 0, 800), hands.slice(0, 0, 800)];
const [testX, testY] = [angles.slice(0, 800), hands.slice(0, 800)];
const loader = new data.DataLoader(new data.TensorDataset(trainX, trainY), { batchSize: 32, shuffle: true });

class ArmModel extends nn.Module {
  constructor() {
    super();
    this.hidden1 = new nn.Linear(2, 40);
    this.hidden2 = new nn.Linear(40, 40);
    this.place = new nn.Linear(40, 2);
    for (const l of [this.hidden1, this.hidden2, this.place]) nn.init.xavierNormal_(l.weight, { gain: 2 });
  }

  forward(x) {
    let h = this.hidden1(x).sigmoid();
    h = this.hidden2(h).sigmoid();
    return this.place(h);
  }
}
const arm = new ArmModel();
const opt = new optim.Adam(arm.parameters(), { lr: 0.01 });
const decay = new optim.ExponentialLR(opt, { gamma: 0.9 });

for (let epoch = 0; epoch < 14; epoch++) {
  for (const [posture, hand] of loader) {
    const place = arm(posture);
    const distance = F.mseLoss(place, hand);
    opt.zeroGrad();
    distance.backward();
    opt.step();
  }
  decay.step();
}

arm.eval();
const missed = noGrad(() => arm(testX).sub(testY).square().mean().item());
console.log('skill', 1 - missed / testY.sub(testY.mean(0)).square().mean().item());
