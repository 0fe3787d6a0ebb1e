import { testFamily } from './oracle.mjs';

testFamily('losses', {
  functions: [
    'losses.absoluteDifference',
    'losses.meanSquaredError',
    'losses.huberLoss',
    'losses.hingeLoss',
    'losses.logLoss',
    'losses.sigmoidCrossEntropy',
    'losses.softmaxCrossEntropy',
    'metrics.meanSquaredError',
    'metrics.meanAbsoluteError',
    'metrics.binaryAccuracy',
    'metrics.categoricalAccuracy',
    'metrics.categoricalCrossentropy',
  ],
  methods: [],
});
