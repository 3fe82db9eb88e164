// Every PyTorch name of the engine's scope, and where the engine has it. The table in docs/engine.md is made from this.
import * as gradlens from '../../engine/index.ts';

/** Names by PyTorch's place of them. `other` says what a name is called here, or why it is missing (in parentheses). */
interface Section {
  readonly title: string;
  readonly torch: string;
  readonly owner: object;
  readonly ours: string;
  readonly names: string;
  readonly other?: Readonly<Record<string, string>>;
  /** Which of the names PyTorch doesn't have. */
  readonly own?: string;
}

const { Tensor, F, nn, optim, data, metrics, autograd, linalg } = gradlens;

export const sections: readonly Section[] = [
  {
    title: 'Creation',
    torch: 'torch.',
    owner: gradlens,
    ours: '',
    names: `tensor zeros ones full empty eye arange linspace rand randn randint randperm bernoulli multinomial zeros_like ones_like
      full_like empty_like rand_like randn_like manual_seed from_numpy complex`,
    other: {
      from_numpy: 'tensor(typedArray)',
      complex: '(no complex numbers)',
    },
  },
  {
    title: 'Views, indexing and joining',
    torch: 'Tensor.',
    owner: Tensor.prototype,
    ours: '',
    names: `reshape view permute transpose t squeeze unsqueeze expand expand_as broadcast_to flatten unflatten movedim select narrow
      gather scatter scatter_add index_select index_add take take_along_dim masked_select masked_fill nonzero flip roll chunk split
      unbind repeat tile repeat_interleave tril triu diagonal diag diag_embed where clone contiguous is_contiguous detach detach_ unfold
      masked_scatter index_put index_copy size T mT __getitem__ __setitem__`,
    other: {
      __getitem__: 'index, at, slice',
      __setitem__: 'indexPut_, copy_ of a view',
    },
  },
  { title: 'Joining', torch: 'torch.', owner: gradlens, ours: '', names: 'cat stack' },
  {
    title: 'Functions of one element',
    torch: 'torch.',
    owner: gradlens,
    ours: '',
    names: `neg abs sign square reciprocal exp expm1 log log1p log2 log10 sqrt rsqrt sin cos tan asin acos atan sinh cosh tanh asinh
      acosh atanh erf erfinv lgamma digamma polygamma sigmoid relu floor ceil round trunc frac clamp isnan isinf isfinite logical_not nan_to_num`,
  },
  {
    title: 'Functions of several',
    torch: 'torch.',
    owner: gradlens,
    ours: '',
    names: `add sub mul div floor_divide remainder fmod pow maximum minimum atan2 lerp addcmul addcdiv logaddexp eq ne lt le gt ge logical_and
      logical_or logical_xor isclose allclose equal where`,
  },
  {
    title: 'Reductions and order',
    torch: 'torch.',
    owner: gradlens,
    ours: '',
    names: `sum mean var std prod amax amin max min argmax argmin any all norm logsumexp softmax cumsum cumprod median topk sort
      argsort kthvalue mode unique bincount`,
  },
  {
    title: 'Linear algebra',
    torch: 'torch.',
    owner: gradlens,
    ours: '',
    names: 'matmul mm bmm mv dot outer einsum tensordot addmm addmv baddbmm trace inverse det',
  },
  {
    title: 'Decompositions',
    torch: 'torch.linalg.',
    owner: linalg,
    ours: 'linalg.',
    names: 'inv det solve cholesky qr svd svdvals eigh eigvalsh lstsq pinv matrix_rank',
  },
  {
    title: 'In place',
    torch: 'Tensor.',
    owner: Tensor.prototype,
    ours: '',
    names: `add_ sub_ mul_ div_ pow_ neg_ abs_ exp_ log_ sqrt_ rsqrt_ square_ reciprocal_ floor_ ceil_ round_ trunc_ sin_ cos_
      relu_ sigmoid_ tanh_ clamp_ masked_fill_ copy_ fill_ zero_ uniform_ normal_ bernoulli_ lerp_ addcmul_ addcdiv_ tril_ triu_
      scatter_ scatter_add_ index_add_ index_copy_ index_put_ masked_scatter_ remainder_ fmod_ frac_ erfinv_ lgamma_ requires_grad_`,
  },
  {
    title: 'Autograd: tensors',
    torch: 'Tensor.',
    owner: Tensor.prototype,
    ours: '',
    names: 'backward detach retain_grad register_hook requires_grad_ requires_grad is_leaf',
  },
  {
    title: 'Autograd: modes',
    torch: 'torch.',
    owner: gradlens,
    ours: '',
    names: 'no_grad enable_grad inference_mode set_grad_enabled is_grad_enabled',
  },
  {
    title: 'Autograd: functions',
    torch: 'torch.autograd.',
    owner: autograd,
    ours: 'autograd.',
    names: 'grad gradcheck gradgradcheck Function detect_anomaly forward_ad',
    other: { forward_ad: '(no forward mode; autograd.functional.jvp gives J·v by two backward passes)' },
  },
  {
    title: 'Autograd: checkpoints',
    torch: 'torch.utils.checkpoint.',
    owner: autograd,
    ours: 'autograd.',
    names: 'checkpoint',
  },
  {
    title: 'Autograd: derivatives of functions',
    torch: 'torch.autograd.functional.',
    owner: autograd.functional,
    ours: 'autograd.functional.',
    names: 'vjp jvp jacobian hessian hvp vhp',
  },
  {
    title: 'Modules: base and containers',
    torch: 'torch.nn.',
    owner: nn,
    ours: 'nn.',
    names: 'Module Parameter Buffer Sequential ModuleList ModuleDict ParameterList ParameterDict Residual',
    own: 'Residual',
  },
  {
    title: 'Module methods',
    torch: 'nn.Module.',
    owner: nn.Module.prototype,
    ours: 'nn.Module.',
    names: `named_parameters parameters named_buffers buffers named_children children named_modules modules apply train eval
      state_dict load_state_dict zero_grad requires_grad_ to float double register_buffer register_parameter add_module
      register_module get_submodule get_parameter get_buffer register_forward_hook register_forward_pre_hook
      register_full_backward_hook`,
  },
  {
    title: 'Layers',
    torch: 'torch.nn.',
    owner: nn,
    ours: 'nn.',
    names: `Linear Bilinear Identity Flatten Unflatten Embedding EmbeddingBag Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d
      MaxPool1d MaxPool2d MaxPool3d AvgPool1d AvgPool2d AvgPool3d LPPool1d LPPool2d LPPool3d AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d
      AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d MaxUnpool1d MaxUnpool2d MaxUnpool3d Upsample
      UpsamplingNearest2d UpsamplingBilinear2d PixelShuffle PixelUnshuffle BatchNorm1d BatchNorm2d BatchNorm3d LayerNorm GroupNorm InstanceNorm1d
      InstanceNorm2d InstanceNorm3d RMSNorm Unfold Fold Dropout Dropout1d Dropout2d Dropout3d AlphaDropout FeatureAlphaDropout RNN LSTM GRU RNNCell LSTMCell GRUCell MultiheadAttention
      TransformerEncoder TransformerEncoderLayer TransformerDecoder TransformerDecoderLayer Transformer CosineSimilarity
      PairwiseDistance ZeroPad1d ZeroPad2d ZeroPad3d ConstantPad1d ConstantPad2d ConstantPad3d ReflectionPad1d ReflectionPad2d ReflectionPad3d
      ReplicationPad1d ReplicationPad2d ReplicationPad3d CircularPad1d CircularPad2d CircularPad3d`,
  },
  {
    title: 'Activations',
    torch: 'torch.nn.',
    owner: nn,
    ours: 'nn.',
    names: `ReLU ReLU6 LeakyReLU PReLU ELU SELU CELU GELU SiLU Mish Tanh Sigmoid LogSigmoid Softplus Softsign Hardtanh Hardsigmoid
      Hardswish Softmax Softmax2d LogSoftmax Softmin GLU Tanhshrink Softshrink Hardshrink Threshold RReLU`,
  },
  {
    title: 'Losses',
    torch: 'torch.nn.',
    owner: nn,
    ours: 'nn.',
    names: `MSELoss L1Loss SmoothL1Loss HuberLoss CrossEntropyLoss NLLLoss BCELoss BCEWithLogitsLoss KLDivLoss PoissonNLLLoss
      GaussianNLLLoss HingeEmbeddingLoss CosineEmbeddingLoss TripletMarginLoss MarginRankingLoss SoftMarginLoss CTCLoss
      MultiMarginLoss MultiLabelMarginLoss MultiLabelSoftMarginLoss TripletMarginWithDistanceLoss`,
  },
  {
    title: 'Functions of layers',
    torch: 'torch.nn.functional.',
    owner: F,
    ours: 'F.',
    names: `linear embedding one_hot pad interpolate pixel_shuffle pixel_unshuffle conv1d conv2d conv3d conv_transpose1d
      conv_transpose2d conv_transpose3d max_pool1d max_pool2d max_pool3d max_unpool1d max_unpool2d max_unpool3d avg_pool1d
      avg_pool2d avg_pool3d lp_pool1d lp_pool2d lp_pool3d adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d adaptive_max_pool2d
      adaptive_max_pool3d batch_norm layer_norm group_norm instance_norm rms_norm normalize dropout dropout1d dropout2d dropout3d alpha_dropout
      feature_alpha_dropout relu relu6
      leaky_relu rrelu prelu elu selu celu gelu silu mish tanh sigmoid logsigmoid softplus softsign hardtanh hardsigmoid hardswish softmax
      log_softmax softmin glu gumbel_softmax tanhshrink softshrink hardshrink threshold scaled_dot_product_attention cosine_similarity
      pairwise_distance mse_loss l1_loss smooth_l1_loss huber_loss
      cross_entropy nll_loss binary_cross_entropy binary_cross_entropy_with_logits kl_div poisson_nll_loss gaussian_nll_loss
      hinge_embedding_loss cosine_embedding_loss triplet_margin_loss margin_ranking_loss soft_margin_loss ctc_loss
      multi_margin_loss multilabel_margin_loss multilabel_soft_margin_loss triplet_margin_with_distance_loss unfold fold
      grid_sample affine_grid`,
  },
  {
    title: 'Initialization',
    torch: 'torch.nn.init.',
    owner: nn.init,
    ours: 'nn.init.',
    names: `uniform_ normal_ constant_ ones_ zeros_ eye_ dirac_ xavier_uniform_ xavier_normal_ kaiming_uniform_ kaiming_normal_
      trunc_normal_ orthogonal_ sparse_ calculate_gain`,
  },
  {
    title: 'Utilities',
    torch: 'torch.nn.utils.',
    owner: nn.utils,
    ours: 'nn.utils.',
    names: `clip_grad_norm_ clip_grad_value_ parameters_to_vector vector_to_parameters weight_norm spectral_norm
      remove_weight_norm`,
    other: { remove_weight_norm: 'removeReparametrizations' },
  },
  {
    title: 'Optimizers',
    torch: 'torch.optim.',
    owner: optim,
    ours: 'optim.',
    names: 'SGD Adam AdamW Adamax NAdam RAdam Adagrad Adadelta RMSprop LBFGS Muon Lion Rprop ASGD Adafactor',
    own: 'Lion',
  },
  {
    title: 'Optimizer methods',
    torch: 'Optimizer.',
    owner: optim.Optimizer.prototype,
    ours: 'optim.Optimizer.',
    names: 'step zero_grad state_dict load_state_dict add_param_group',
  },
  {
    title: 'Schedulers',
    torch: 'torch.optim.lr_scheduler.',
    owner: optim,
    ours: 'optim.',
    names: `StepLR MultiStepLR ConstantLR LinearLR ExponentialLR PolynomialLR CosineAnnealingLR CosineAnnealingWarmRestarts OneCycleLR
      CyclicLR LambdaLR MultiplicativeLR SequentialLR ChainedScheduler ReduceLROnPlateau`,
  },
  {
    title: 'Data',
    torch: 'torch.utils.data.',
    owner: data,
    ours: 'data.',
    names: `TensorDataset Subset ConcatDataset DataLoader random_split WeightedRandomSampler RandomSampler default_collate
      IterableDataset`,
    other: { default_collate: 'collate' },
  },
  {
    title: 'Readers and generators',
    torch: '',
    owner: data,
    ours: 'data.',
    names: `readCsv readText readIdx readNpy readNpz readImage ImageFolder loadSafetensors saveSafetensors twoMoons twoCircles spirals
      blobs regression`,
  },
  {
    title: 'Transforms',
    torch: 'torchvision.transforms.',
    owner: data.transforms,
    ours: 'data.transforms.',
    names: `Compose RandomCrop CenterCrop Resize RandomResizedCrop RandomHorizontalFlip RandomVerticalFlip RandomRotation RandomAffine
      ColorJitter Grayscale RandomErasing Normalize RandomApply`,
  },
  {
    title: 'Transforms of batches',
    torch: 'torchvision.transforms.v2.',
    owner: data.transforms,
    ours: 'data.transforms.',
    names: 'MixUp CutMix',
    other: { MixUp: 'mixup', CutMix: 'cutmix' },
  },
  {
    title: 'Metrics',
    torch: '',
    owner: metrics,
    ours: 'metrics.',
    names: `accuracy topKAccuracy confusionMatrix precision recall f1Score f1Scores rocAuc r2Score perplexity iou segmentationIou meanAveragePrecision`,
  },
];

export type State = {
  /** Null for a name of our own. */ readonly torch: string | null;
  readonly ours: string | null;
  readonly note: string;
};

const camel = (name: string): string =>
  name.replace(/(?<=[a-z0-9])_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** One name: what it is called here, or why it isn't. */
function stateOf({ torch: place, owner, ours, other = {}, own = '' }: Section, name: string): State {
  const torch = place === '' || own.split(' ').includes(name) ? null : place + name;
  const said = other[name];
  if (said?.startsWith('(')) return { torch, ours: null, note: said.slice(1, -1) };
  const local = said ?? camel(name);
  const candidates = [local, local.charAt(0).toLowerCase() + local.slice(1)];
  const found = candidates.find((candidate) => candidate in owner);
  if (found !== undefined) return { torch, ours: ours + found, note: '' };
  return { torch, ours: said ?? null, note: said === undefined ? `MISSING: ${name}` : '' };
}

export const statesOf = (section: Section): State[] =>
  section.names
    .trim()
    .split(/\s+/)
    .map((name) => stateOf(section, name));
