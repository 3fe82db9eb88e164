import { attention } from './attention.ts';
import { convolution } from './convolution.ts';
import { decompositions } from './decompositions.ts';
import { indexing } from './indexing.ts';
import { iterate } from './iterate.ts';
import { layerNorm } from './layerNorm.ts';
import { linearBy } from './linear.ts';
import { lstm } from './lstm.ts';
import { matmul } from './matmul.ts';
import { normalization } from './normalization.ts';
import { optimizers } from './optimizers.ts';
import { pooling } from './pooling.ts';
import { recurrent } from './recurrent.ts';
import { rows } from './rows.ts';
import { statistics } from './statistics.ts';
import { unary } from './unary.ts';

/** Plain loops over typed arrays: slow, obvious, and what faster kernels are checked against. */
export const reference = {
  unary,
  ...attention,
  ...rows,
  ...normalization,
  ...layerNorm,
  ...optimizers,
  ...matmul,
  ...linearBy(matmul.matmul),
  ...convolution,
  ...pooling,
  ...indexing,
  ...iterate,
  ...decompositions,
  ...statistics,
  ...recurrent,
  ...lstm,
};
