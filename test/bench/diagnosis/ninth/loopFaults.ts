import { all, either, importing, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import {
  built,
  clearing,
  first,
  graded,
  handed,
  OPTIMIZED,
  perEpoch,
  replacing,
  stepping,
  UPDATE,
  updated,
} from './wording.ts';

const MISSING = /new optim\.|new nn\.|\b(?:dense|conv3)\(|new (?:Block|ResBlock|TransformerBlock)\(/;
const CUT = /detach|noGrad\(\(\) => (?:this|\w+\()|new nn\.|requiresGrad/;

/** Faults of the training loop, of the ninth part. */
export const LOOP: Faults = {
  'nobody clears gradients': {
    to: 'cnn-batchnorm echo-rnn',
    change: clearing(),
    causes: ['missing-zero-grad'],
    lines: UPDATE,
    repairable: true,
  },
  'gradients cleared once an epoch': {
    to: 'circle-stack',
    change: all(clearing(), perEpoch('@optimizer.zeroGrad();')),
    causes: ['missing-zero-grad'],
    lines: UPDATE,
  },
  'gradients of twenty steps pile up': {
    to: 'bard-lstm',
    change: all(first('let tick = 0;'), clearing('if (tick++ % 20 === 0) @optimizer.zeroGrad();')),
    causes: ['missing-zero-grad'],
    lines: UPDATE,
  },
  'gradients cleared just before the step': {
    to: 'mini-gpt',
    change: all(clearing(), graded('@optimizer.zeroGrad();')),
    causes: ['not-optimized/zeroed-before-update'],
    lines: UPDATE,
    repairable: true,
  },
  'the step is forgotten': {
    to: 'rows-gru',
    change: stepping(),
    causes: ['not-optimized'],
    lines: /new optim\.|\.backward\(\)|zeroGrad/,
  },
  'a second model is trained': {
    to: 'stripes rents bard-lstm tiny-resnet',
    change: either(
      swap(/Adam\(tower\./, 'Adam(new Tower().'),
      swap(/Adam\(regressor\./, 'Adam(new RentModel(6, 36).'),
      swap(/Adam\(bard\./, 'Adam(new BardLSTM().'),
      swap(/SGD\(resnet\./, 'SGD(new TinyResNet().'),
    ),
    causes: ['not-optimized'],
    lines: OPTIMIZED,
  },
  'only the last layer is handed over': {
    to: 'circle-stack',
    change: handed('@model.parameters().slice(-2)'),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: MISSING,
    repairable: true,
  },
  'the heads alone are handed over': {
    to: 'blob-detector',
    change: handed('[...detector.boxHead.parameters(), ...detector.kindHead.parameters()]'),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: MISSING,
    repairable: true,
  },
  'the encoder alone is handed over': {
    to: 'pixel-ae',
    change: swap(/Adam\(autoencoder\./, 'Adam(encoder.'),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: MISSING,
    repairable: true,
  },
  'floors in an ordinary array': {
    to: 'stripes',
    change: swap(/new nn\.ModuleList\((Array\.from\(.*\))\);/, '$1;'),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: MISSING,
    repairable: true,
  },
  'transformer blocks in an ordinary array': {
    to: 'mini-gpt',
    change: swap(/new nn\.ModuleList\((Array\.from\(.*\))\);/, '$1;'),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: MISSING,
    repairable: true,
  },
  'representations detached': {
    to: 'digit-normed tiny-resnet echo-rnn rows-gru bard-lstm blob-detector rents',
    change: either(
      swap(/this\.classifier\(features\)/, 'this.classifier(features.detach())'),
      swap(/maps\.mean\(\[2, 3\]\)/, 'maps.detach().mean([2, 3])'),
      swap(/hidden\.select\(1, length - 1\)/, '$&.detach()'),
      swap(/out\.select\(1, 7\)/, '$&.detach()'),
      swap(/hs\.flatten\(0, 1\)/, '$&.detach()'),
      swap(/= this\.backbone\(x\);/, '= this.backbone(x).detach();'),
      swap(/this\.l3\(b\)/, 'this.l3(b.detach())'),
    ),
    causes: ['frozen-parameter/detached'],
    lines: CUT,
  },
  'a trunk under noGrad': {
    to: 'cnn-batchnorm mini-gpt stripes',
    change: either(
      swap(/this\.fc1\(y\.flatten\(1\)\)/, 'this.fc1(noGrad(() => y.clone()).flatten(1))'),
      swap(/h = block\(h\);/, 'h = noGrad(() => block(h));'),
      swap(/h = F\.relu\(floor\(h\)\);/, 'h = noGrad(() => F.relu(floor(h)));'),
    ),
    causes: ['frozen-parameter'],
    lines: /noGrad|new nn\.|new TransformerBlock|floor/,
  },
  'a way through ordinary numbers': {
    to: 'cnn-sequence',
    change: all(
      replacing('(?<= = )(@model\\((?:points|x)\\))(?=;)', 'tensor($1.toArray(), { requiresGrad: true })'),
      importing('tensor'),
      (text) => text.replace(/ \} from "gradlens"/, ', tensor } from "gradlens"'),
    ),
    causes: ['frozen-parameter', 'not-optimized'],
    lines: /tensor\(|new nn\.|new optim/,
  },
  'every weight but the biases frozen': {
    to: 'digit-array',
    change: built('for (const p of @model.parameters()) if (p.shape.length > 1) p.requiresGrad_(false);'),
    causes: ['frozen-parameter', 'loss-plateau'],
    lines: null,
  },
  'weights put back after every step': {
    to: 'iris-sigmoid blob-detector',
    change: all(
      built('const initial = @model.parameters().map((p) => p.detach().clone());'),
      updated('noGrad(() => @model.parameters().forEach((p, n) => p.copy_(initial[n])));'),
    ),
    causes: ['not-optimized', 'learning-rate-low', 'loss-plateau'],
    lines: null,
  },
  'G’s optimizer holds D': {
    to: 'ellipse-gan',
    change: swap(/Adam\(netG\.parameters/, 'Adam(netD.parameters'),
    causes: ['not-optimized'],
    lines: /netG|optimizerG|lossG|new nn\.Linear\((?:latent|40), /,
  },
  'G’s gradients pile up': {
    to: 'ellipse-gan',
    change: swap(/ *optimizerG\.zeroGrad\(\);\n/, ''),
    causes: ['missing-zero-grad'],
    lines: /backward|optimizerG/,
    repairable: true,
  },
  'G never steps': {
    to: 'ellipse-gan',
    change: swap(/ *optimizerG\.step\(\);\n/, ''),
    causes: ['not-optimized'],
    lines: /netG = |optimizerG|lossG|new nn\.Linear\((?:latent|40), /,
  },
  'G is detached from D’s verdict': {
    to: 'ellipse-gan',
    change: swap(/(?<=lossG = .*netD\(fake)/, '.detach()'),
    causes: ['frozen-parameter', 'not-optimized'],
    lines: /detach|netG = |new nn\.Linear\((?:latent|40), |optimizerG/,
  },
};
