/// What functions of `torch.nn.functional` and of `torch` that are written in Python call.
///
/// A function that is not listed has the name of its operator.
///
/// - Source: `torch/nn/functional.py`, `torch/functional.py`, v2.13.
enum FunctionRows {
  /// The row of a function; `name` has no module.
  static func row(_ name: String) -> FunctionRow? { rows[name] }

  private static let rows: [String: FunctionRow] = {
    var rows: [String: FunctionRow] = [:]
    for line in text.split(separator: "\n") {
      if let row = FunctionRow(line) { rows[row.name] = row }
    }
    return rows
  }()

  /// All rows.
  static var all: [FunctionRow] { Array(rows.values) }

  /// How many lines are rows, and how many there are.
  static var counts: (rows: Int, lines: Int) { (rows.count, text.split(separator: "\n").count) }

  private static let text = """
    adaptive_avg_pool1d(input, output_size) -> adaptive_avg_pool1d(input, output_size)
    adaptive_max_pool1d(input, output_size, return_indices=False) -> [return_indices] adaptive_max_pool1d(input, output_size); adaptive_max_pool1d.0(input, output_size)
    adaptive_max_pool1d_with_indices(input, output_size, return_indices=False) -> adaptive_max_pool1d(input, output_size)
    adaptive_max_pool2d(input, output_size, return_indices=False) -> [return_indices] adaptive_max_pool2d(input, output_size); adaptive_max_pool2d.0(input, output_size)
    adaptive_max_pool2d_with_indices(input, output_size, return_indices=False) -> adaptive_max_pool2d(input, output_size)
    adaptive_max_pool3d(input, output_size, return_indices=False) -> [return_indices] adaptive_max_pool3d(input, output_size); adaptive_max_pool3d.0(input, output_size)
    affine_grid(theta, size, align_corners=None) -> affine_grid_generator(theta, size, align_corners|False)
    alpha_dropout(input, p=0.5, training=False, inplace=False) -> [inplace] alpha_dropout_(input, p, training); alpha_dropout(input, p, training)
    batch_norm(input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-05) -> batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps, True)
    binary_cross_entropy(input, target, weight=None, size_average=None, reduce=None, reduction='mean') -> binary_cross_entropy(input, target, weight, reduction(reduction))
    binary_cross_entropy_with_logits(input, target, weight=None, size_average=None, reduce=None, reduction='mean', pos_weight=None) -> binary_cross_entropy_with_logits(input, target, weight, pos_weight, reduction(reduction))
    celu(input, alpha=1.0, inplace=False) -> [inplace] celu_(input, alpha); celu(input, alpha)
    cosine_embedding_loss(input1, input2, target, margin=0, size_average=None, reduce=None, reduction='mean') -> cosine_embedding_loss(input1, input2, target, margin, reduction(reduction))
    cross_entropy(input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean', label_smoothing=0.0) -> cross_entropy_loss(input, target, weight, reduction(reduction), ignore_index, label_smoothing)
    ctc_loss(log_probs, targets, input_lengths, target_lengths, blank=0, reduction='mean', zero_infinity=False) -> ctc_loss(log_probs, targets, input_lengths, target_lengths, blank, reduction(reduction), zero_infinity)
    dropout(input, p=0.5, training=True, inplace=False) -> [inplace] dropout_(input, p, training); dropout(input, p, training)
    dropout1d(input, p=0.5, training=True, inplace=False) -> [inplace] feature_dropout_(input, p, training); feature_dropout(input, p, training)
    dropout2d(input, p=0.5, training=True, inplace=False) -> [inplace] feature_dropout_(input, p, training); feature_dropout(input, p, training)
    dropout3d(input, p=0.5, training=True, inplace=False) -> [inplace] feature_dropout_(input, p, training); feature_dropout(input, p, training)
    elu(input, alpha=1.0, inplace=False) -> [inplace] elu_(input, alpha); elu(input, alpha)
    embedding(input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False) -> embedding(weight, input, padding_idx|-1, scale_grad_by_freq, sparse)
    feature_alpha_dropout(input, p=0.5, training=False, inplace=False) -> [inplace] feature_alpha_dropout_(input, p, training); feature_alpha_dropout(input, p, training)
    fold(input, output_size, kernel_size, dilation=1, padding=0, stride=1) -> col2im(input, output_size, kernel_size, dilation, padding, stride)
    glu(input, dim=-1) -> glu(input, dim)
    grid_sample(input, grid, mode='bilinear', padding_mode='zeros', align_corners=None) -> grid_sampler(input, grid, 0, 0, align_corners|False)
    group_norm(input, num_groups, weight=None, bias=None, eps=1e-05) -> group_norm(input, num_groups, weight, bias, eps, True)
    gumbel_softmax(logits, tau=1, hard=False, eps=1e-10, dim=-1) -> softmax(logits, dim, None)
    hardsigmoid(input, inplace=False) -> [inplace] hardsigmoid_(input); hardsigmoid(input)
    hardswish(input, inplace=False) -> [inplace] hardswish_(input); hardswish(input)
    hardtanh(input, min_val=-1.0, max_val=1.0, inplace=False) -> [inplace] hardtanh_(input, min_val, max_val); hardtanh(input, min_val, max_val)
    hinge_embedding_loss(input, target, margin=1.0, size_average=None, reduce=None, reduction='mean') -> hinge_embedding_loss(input, target, margin, reduction(reduction))
    huber_loss(input, target, reduction='mean', delta=1.0, weight=None) -> huber_loss(input, target, reduction(reduction), delta)
    instance_norm(input, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True, momentum=0.1, eps=1e-05) -> instance_norm(input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, True)
    kl_div(input, target, size_average=None, reduce=None, reduction='mean', log_target=False) -> kl_div(input, target, reduction(reduction), log_target=log_target)
    l1_loss(input, target, size_average=None, reduce=None, reduction='mean', weight=None) -> l1_loss(input, target, reduction(reduction))
    layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-05) -> layer_norm(input, normalized_shape, weight, bias, eps, True)
    leaky_relu(input, negative_slope=0.01, inplace=False) -> [inplace] leaky_relu_(input, negative_slope); leaky_relu(input, negative_slope)
    local_response_norm(input, size, alpha=0.0001, beta=0.75, k=1.0) -> div(input, input)
    logsigmoid(input) -> log_sigmoid(input)
    lp_pool1d(input, norm_type, kernel_size, stride=None, ceil_mode=False) -> avg_pool1d(input, kernel_size, stride|[], 0, ceil_mode)
    lp_pool2d(input, norm_type, kernel_size, stride=None, ceil_mode=False) -> avg_pool2d(input, kernel_size, stride|[], 0, ceil_mode)
    lp_pool3d(input, norm_type, kernel_size, stride=None, ceil_mode=False) -> avg_pool3d(input, kernel_size, stride|[], 0, ceil_mode)
    margin_ranking_loss(input1, input2, target, margin=0, size_average=None, reduce=None, reduction='mean') -> margin_ranking_loss(input1, input2, target, margin, reduction(reduction))
    max_pool1d(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False) -> [return_indices] max_pool1d_with_indices(input, kernel_size, stride|[], padding, dilation, ceil_mode); max_pool1d(input, kernel_size, stride|[], padding, dilation, ceil_mode)
    max_pool2d(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False) -> [return_indices] max_pool2d_with_indices(input, kernel_size, stride|[], padding, dilation, ceil_mode); max_pool2d(input, kernel_size, stride|[], padding, dilation, ceil_mode)
    max_pool3d(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False) -> [return_indices] max_pool3d_with_indices(input, kernel_size, stride|[], padding, dilation, ceil_mode); max_pool3d(input, kernel_size, stride|[], padding, dilation, ceil_mode)
    mish(input, inplace=False) -> [inplace] mish_(input); mish(input)
    mse_loss(input, target, size_average=None, reduce=None, reduction='mean', weight=None) -> mse_loss(input, target, reduction(reduction))
    multi_margin_loss(input, target, p=1, margin=1.0, weight=None, size_average=None, reduce=None, reduction='mean') -> multi_margin_loss(input, target, p, margin, weight, reduction(reduction))
    multilabel_margin_loss(input, target, size_average=None, reduce=None, reduction='mean') -> multilabel_margin_loss(input, target, reduction(reduction))
    nll_loss(input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean') -> nll_loss_nd(input, target, weight, reduction(reduction), ignore_index)
    one_hot(input, num_classes=-1) -> one_hot(input, num_classes)
    pad(input, pad, mode='constant', value=None) -> pad(input, pad, mode, value)
    poisson_nll_loss(input, target, log_input=True, full=False, size_average=None, eps=1e-08, reduce=None, reduction='mean') -> poisson_nll_loss(input, target, log_input, full, eps, reduction(reduction))
    relu(input, inplace=False) -> [inplace] relu_(input); relu(input)
    relu6(input, inplace=False) -> [inplace] relu6_(input); relu6(input)
    rms_norm(input, normalized_shape, weight=None, eps=None) -> rms_norm(input, normalized_shape, weight, eps)
    rrelu(input, lower=0.125, upper=0.3333333333333333, training=False, inplace=False) -> [inplace] rrelu_(input, lower, upper, training); rrelu(input, lower, upper, training)
    selu(input, inplace=False) -> [inplace] selu_(input); selu(input)
    silu(input, inplace=False) -> [inplace] silu_(input); silu(input)
    smooth_l1_loss(input, target, size_average=None, reduce=None, reduction='mean', beta=1.0) -> smooth_l1_loss(input, target, reduction(reduction), beta)
    soft_margin_loss(input, target, size_average=None, reduce=None, reduction='mean') -> soft_margin_loss(input, target, reduction(reduction))
    softmin(input, dim=None, _stacklevel=3, dtype=None) -> softmax(input, dim, dtype)
    softsign(input) -> div(input, input)
    tanhshrink(input) -> sub(input, input)
    threshold(input, threshold, value, inplace=False) -> [inplace] threshold_(input, threshold, value); threshold(input, threshold, value)
    triplet_margin_loss(anchor, positive, negative, margin=1.0, p=2, eps=1e-06, swap=False, size_average=None, reduce=None, reduction='mean') -> triplet_margin_loss(anchor, positive, negative, margin, p, eps, swap, reduction(reduction))
    unfold(input, kernel_size, dilation=1, padding=0, stride=1) -> im2col(input, kernel_size, dilation, padding, stride)
    """
}
