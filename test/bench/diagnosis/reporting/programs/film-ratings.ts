import { F, manualSeed, nn, noGrad, optim, rand, randint, randn } from 'gradlens';

manualSeed(79);
const [users, films, rank] = [90, 60, 3];
// stars that people give, by their taste, the film's traits, and both their averages
const taste = randn([users, rank]);
const traits = randn([films, rank]);
const mild = randn([users]).mul(0.6);
const fame = randn([films]).mul(0.6);
const stars = taste.matmul(traits.t()).mul(0.8).add(mild.unsqueeze(1)).add(fame).add(randn([users, films]).mul(0.2)).mul(0.7).add(3.2);
const seen = rand([users, films]).lt(0.75);
const known = seen.nonzero().to('int32');
const [userOf, filmOf] = [known.select(1, 0), known.select(1, 1)];
const given = stars.flatten().indexSelect(0, userOf.mul(films).add(filmOf));

class Factors extends nn.Module {
  constructor(size) {
    super();
    this.user = new nn.Embedding(users, size);
    this.film = new nn.Embedding(films, size);
    this.userBias = new nn.Embedding(users, 1);
    this.filmBias = new nn.Embedding(films, 1);
    for (const table of [this.user, this.film]) nn.init.normal_(table.weight, { std: 0.3 });
    for (const table of [this.userBias, this.filmBias]) nn.init.zeros_(table.weight);
    this.base = new nn.Parameter(given.mean());
  }

  forward(u, f) {
    const match = this.user(u).mul(this.film(f)).sum(1);
    return match.add(this.userBias(u).squeeze(1)).add(this.filmBias(f).squeeze(1)).add(this.base);
  }
}

const recommender = new Factors(4);
const optimizer = new optim.Adam(recommender.parameters(), { lr: 0.03 });

for (let step = 0; step < 350; step++) {
  const picked = randint(0, given.shape[0], [128]);
  const u = userOf.indexSelect(0, picked);
  const f = filmOf.indexSelect(0, picked);
  const rating = given.indexSelect(0, picked);
  optimizer.zeroGrad();
  const guess = recommender(u, f);
  const loss = F.mseLoss(guess, rating);
  loss.backward();
  optimizer.step();
}

recommender.eval();
const unseen = seen.logicalNot().nonzero().to('int32');
const [heldU, heldF] = [unseen.select(1, 0), unseen.select(1, 1)];
const wanted = stars.flatten().indexSelect(0, heldU.mul(films).add(heldF));
const missed = noGrad(() => recommender(heldU, heldF).sub(wanted).square().mean().item());
console.log('skill', 1 - missed / wanted.sub(wanted.mean()).square().mean().item());
