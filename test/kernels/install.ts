import { installKernels } from '../../engine/host/kernels.ts';

// What users have, unless GRADLENS_KERNELS names others.
installKernels();
