import { all, either, importing, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import {
  answered,
  begun,
  clearing,
  derived,
  eachEpoch,
  handed,
  OPTIMIZED,
  prepared,
  stepped,
  stepping,
  UPDATE,
} from './wording.ts';

const LEFT_OUT = /new optim\.|new nn\.|\bconv\(|build\(|new (?:Shortcut|Attentive)\(|const [wb]\d = |weights = /;
const CUT = /detach|noGrad\(\(\) => (?:this|x)|new nn\.|requiresGrad|const [wb]\d = |new Attentive\(/;
const FORGER = /forgerLoss|forgerOpt|forger = /;

/** Faults of the training loop, of the reporting part. */
export const LOOP: Faults = {
  'not one gradient is cleared': {
    to: 'patch-vit film-ratings',
    change: clearing(),
    causes: ['missing-zero-grad'],
    lines: UPDATE,
    repairable: true,
  },
  'gradients cleared every seventh step': {
    to: 'crop-yield',
    change: all(begun('let turn = 0;'), clearing('if (turn++ % 7 === 0) ‹opt›.zeroGrad();')),
    causes: ['missing-zero-grad'],
    lines: UPDATE,
  },
  'gradients cleared as an epoch begins, and then no more': {
    to: 'iris-swish',
    change: all(clearing(), eachEpoch('‹opt›.zeroGrad();')),
    causes: ['missing-zero-grad'],
    lines: UPDATE,
  },
  'cleared between the gradient and its use': {
    to: 'shape-segmenter',
    change: all(clearing(), derived('‹opt›.zeroGrad();')),
    causes: ['not-optimized/zeroed-before-update'],
    lines: UPDATE,
    repairable: true,
  },
  'update first, gradient afterwards': {
    to: 'vgg-norms',
    change: all(stepping(), clearing('‹opt›.zeroGrad();', '‹opt›.step();')),
    causes: ['not-optimized'],
    lines: UPDATE,
  },
  'nothing is ever updated': {
    to: 'script-decoder digit-vae',
    change: stepping(),
    causes: ['not-optimized'],
    lines: /new optim\.|\.backward\(\)|zeroGrad/,
  },
  'the optimizer has a copy made for it': {
    to: 'group-resnet bard-gru cell-rnn walkers',
    change: either(
      swap(/AdamW\(resnet\./, 'AdamW(new GroupResNet(cfg).'),
      swap(/Adamax\(bard\./, 'Adamax(new BardGRU(alphabet.length).'),
      swap(/Adam\(oracle\./, 'Adam(new Oracle().'),
      swap(/Adam\(lstm\./, 'Adam(new WalkLSTM().'),
    ),
    causes: ['not-optimized'],
    lines: OPTIMIZED,
  },
  'biases alone are optimized': {
    to: 'hoop-tower',
    change: handed('‹all›.filter((p) => p.shape.length === 1)'),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: LEFT_OUT,
    repairable: true,
  },
  'the end alone is optimized': {
    to: 'stride-cnn loose-digits',
    change: handed('‹all›.slice(-2)'),
    causes: ['not-optimized'],
    lines: LEFT_OUT,
    repairable: true,
  },
  'the beginning isn’t optimized': {
    to: 'iris-swish fit-digits',
    change: handed('‹all›.slice(2)'),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: LEFT_OUT,
    repairable: true,
  },
  'people’s tables aren’t optimized': {
    to: 'film-ratings',
    change: handed('[recommender.film.weight, recommender.filmBias.weight]'),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: LEFT_OUT,
    repairable: true,
  },
  'only what encodes is optimized': {
    to: 'conv-denoiser digit-vae',
    change: either(
      swap(/Adam\(denoiser\./, 'Adam(encoder.'),
      handed('[vae.encode, vae.mu, vae.logVar].flatMap((layer) => layer.parameters())'),
    ),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: LEFT_OUT,
    repairable: true,
  },
  'a list that isn’t a ModuleList': {
    to: 'blob-selu patch-vit',
    change: either(
      swap(/new nn\.ModuleList\((Array\.from\(.*\))\);/, '$1;'),
      swap(/new nn\.ModuleList\((\[.*\])\);/, '$1;'),
    ),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: LEFT_OUT,
    repairable: true,
  },
  'detached just before the last layer': {
    to: 'moon-loader walkers group-resnet bard-gru cell-rnn',
    change: either(
      swap(/this\.last\(b\)/, 'this.last(b.detach())'),
      swap(/hidden\.select\(1, STEPS - 1\)/, '$&.detach()'),
      swap(/this\.fc\(pooled\)/, 'this.fc(pooled.detach())'),
      swap(/this\.norm\(states\)/, 'this.norm(states.detach())'),
      swap(/this\.tell\(h\)/, 'this.tell(h.detach())'),
    ),
    causes: ['frozen-parameter/detached'],
    lines: CUT,
  },
  'noGrad inside the model': {
    to: 'patch-vit script-decoder digit-vae loose-digits',
    change: either(
      swap(/h = block\(h\);/, 'h = noGrad(() => block(h));'),
      swap(/= (this\.body\(h, .*\));/, '= noGrad(() => $1);'),
      swap(/= this\.encoded\(x\);/, '= noGrad(() => this.encoded(x));'),
      swap(/const h1 = (.*);/, 'const h1 = noGrad(() => $1);'),
    ),
    causes: ['frozen-parameter'],
    lines: /noGrad\(\(\) => (?:this|block|x)|new nn\.|new Attentive\(|const [wb]1 = |weights = /,
  },
  'scores that become plain numbers on their way': {
    to: 'shape-segmenter',
    change: all(answered('tensor($1.toArray(), { requiresGrad: true })'), importing('tensor')),
    causes: ['frozen-parameter', 'not-optimized'],
    lines: /tensor\(scores|new nn\.|new optim/,
  },
  'everything frozen but the last layer': {
    to: 'fit-digits',
    change: prepared('for (const p of ‹all›.slice(0, -2)) p.requiresGrad_(false);'),
    causes: ['frozen-parameter', 'loss-plateau'],
    lines: null,
  },
  'every update undone': {
    to: 'blob-selu',
    change: all(
      prepared('const before = ‹all›.map((p) => p.detach().clone());'),
      stepped('noGrad(() => ‹all›.forEach((p, k) => p.copy_(before[k])));'),
    ),
    causes: ['not-optimized', 'learning-rate-low', 'loss-plateau'],
    lines: null,
  },
  'the forger’s optimizer has the expert': {
    to: 'arc-gan',
    change: swap(/Adam\(forger\.parameters/, 'Adam(expert.parameters'),
    causes: ['not-optimized'],
    lines: FORGER,
  },
  'the forger’s gradients stay': {
    to: 'arc-gan',
    change: swap(/ *forgerOpt\.zeroGrad\(\);\n/, ''),
    causes: ['missing-zero-grad'],
    lines: /backward|forgerOpt/,
    repairable: true,
  },
  'the forger isn’t updated': {
    to: 'arc-gan',
    change: swap(/ *forgerOpt\.step\(\);\n/, ''),
    causes: ['not-optimized'],
    lines: FORGER,
  },
  'the expert’s verdict on a detached forgery': {
    to: 'arc-gan',
    change: swap(/(?<=forgerLoss = bce\(expert\(forged)/, '.detach()'),
    causes: ['frozen-parameter', 'not-optimized'],
    lines: /detach|forger = |forgerOpt/,
  },
};
