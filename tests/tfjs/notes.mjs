// What is to be said of names of TensorFlow.js beside what the package says of itself when they are called.

/** Names that declarations make public and that are how TensorFlow.js works inside: nobody's to call, and not counted. */
export const INSIDE = [
  /#(containerNodes|inboundNodes|outboundNodes|nodesByDepth|layersByDepth|internalContainerRefs|inputLayers\w*|outputLayers\w*|feedInputShapes|initialWeights|inputSpec|findLayer|callArgs|nodeIndex|tensorIndex|originalName|metricsTensors|lossFunctions|nextFrameFunc|nowFunc|maybeWait|validationData|kerasMask|dataId|kept|scopeId|syncData|base|makeDataElement|onBatchBegin|onBatchEnd|onEpochBegin|onEpochEnd|onTrainBegin|onTrainEnd|setParams|setModel|constraint)$/,
  /^(OP_SCOPE_SUFFIX|serialization\.(SerializationMap|getRegisteredName))$/,
  /^(version_\w+|data\.version_data)$/,
];

/** Why names are not here that do not say so themselves: the first that matches counts. */
export const WHY = [
  [
    /^(GraphModel|loadGraphModel|loadGraphModelSync|registerOp|deregisterOp|version_converter)$/,
    'graph models run only in TensorFlow.js',
  ],
  [
    /^string\./,
    'tensors of text do not train, and no program that trains was found to need them; plain JavaScript does it',
  ],
  [/^util\./, 'plain JavaScript does it'],
  [/^signal\.|^spectral\./, 'spectra are to come'],
  [/^browser\.|^image\./, 'pictures are to come'],
  [/^layers\.(RNN|RNNCell)$/, 'layers.rnn with a cell'],
  [/^Reduction$/, 'losses.Reduction'],
];

/** How names behave otherwise than in TensorFlow.js; the sections above say more. */
export const DIFFERS = [
  [/^layers\.(lstm|lstmCell)$/, 'recurrent activation `sigmoid`, forget bias 1: Keras 3’s numbers'],
  [/^layers\.(gru|gruCell)$/, '`resetAfter` is true, recurrent activation `sigmoid`: Keras 3’s numbers'],
  [/^layers\.batchNormalization$/, 'a frozen layer updates nothing and uses its moving statistics'],
  [/^metrics\.(precision|recall|r2Score)$/, 'in compile over all samples of an epoch, not a mean of batches'],
  [
    /#(losses|calculateLosses)$/,
    'of weights that training changes; what outputs add is in the loss of `evaluate`',
  ],
  [/#updates$/, 'always empty: moving statistics change at the end of a step'],
  [/^Optimizer#(get|set)Weights$/, 'named by the variable and Keras’ name: `dense/kernel/momentum`'],
  [/^InputSpec$/, 'holds layers of one’s own to it; the library’s check by themselves'],
  [/^train\./, 'settings also by name; Keras 3’s defaults'],
  [/^callbacks\.earlyStopping$/, '`restoreBestWeights` and `startFromEpoch` work; an absent log is an error'],
  [
    /^LayersModel#(fit|fitDataset|evaluate|predict)$/,
    '`verbose` prints what Keras prints, in browsers too; without it nothing is printed',
  ],
  [
    /^LayersModel#fitDataset$/,
    'elements also `[xs, ys]` and `[xs, ys, sampleWeight]`; precision and its kin over the whole epoch',
  ],
  [/^LayersModel#save$/, 'without a place gives `{ json, weights }`; a name’s ending chooses other formats'],
  [/^loadLayersModel$/, 'also files, paths in Node and other formats, by the ending of a name'],
  [/^LayersModel#loadWeights$/, 'takes safetensors, or tensors by Keras’ paths or TensorFlow.js’ names'],
  [
    /^data\.csv$/,
    'also text, files, bytes and paths; quotes may hold line ends; rows of blanks are left out',
  ],
  [
    /^data\.Dataset#shuffle$/,
    'the seed is a number or a text and means the same on every engine; `setSeed` holds',
  ],
  [/^(setBackend|getBackend|ready|backend|engine|env)$/, 'there is one backend; harmless answers'],
  [/^enableDebugMode$|^enableProdMode$/, 'nothing to switch: checks are always on'],
  [/^(dispose|tidy|keep)$/, 'nobody has to: they only free sooner'],
  [/^version$/, 'a function'],
];
