/// A class of `torch.nn`: what its constructor takes, the parameters that it makes, and the call that its `forward` is.
///
///     Linear(in_features, out_features, bias=True): weight[out_features, in_features], bias?bias[out_features] -> linear(input, weight, bias)
///
/// The size of a parameter is a constructor's argument, a quotient of two, or `name*` for the elements of a tuple. A
/// parameter after `name?` is there when that argument is true. The call may use the input, parameters (`None` when they
/// are not there), arguments of the constructor and constants.
struct LayerRow: Sendable {
  struct Parameter: Sendable {
    var name: String
    /// The argument that must be true.
    var condition: String?
    var sizes: [String]
  }

  let name: String
  /// The constructor's parameters with the texts of their defaults.
  let arguments: [(name: String, defaultText: String?)]
  let parameters: [Parameter]
  /// The function of `torch.nn.functional`, or a full name.
  let function: String
  let call: [(keyword: String?, text: String)]

  /// Reads a row; `nil` when it is none.
  init?(_ text: Substring) {
    guard let colon = Self.cut(text, at: "): "), let arrow = Self.cut(colon.1, at: "-> "),
      let open = colon.0.firstIndex(of: "("), let callOpen = arrow.1.firstIndex(of: "("), arrow.1.last == ")"
    else { return nil }
    name = String(colon.0[..<open])
    arguments = Self.items(colon.0[colon.0.index(after: open)...]).map { item in
      let parts = item.split(separator: "=", maxSplits: 1)
      return (String(parts[0]), parts.count > 1 ? String(parts[1]) : nil)
    }
    var parameters: [Parameter] = []
    for item in Self.items(arrow.0) {
      guard let bracket = item.firstIndex(of: "["), item.last == "]" else { continue }
      let head = item[..<bracket].split(separator: "?")
      guard let last = head.last else { return nil }
      parameters.append(
        Parameter(
          name: String(last), condition: head.count > 1 ? String(head[0]) : nil,
          sizes: Self.items(item[item.index(after: bracket)...].dropLast()).map { String($0) }))
    }
    self.parameters = parameters
    let target = String(arrow.1[..<callOpen])
    function = target.contains(".") ? target : "torch.nn.functional.\(target)"
    call = Self.items(arrow.1[arrow.1.index(after: callOpen)...].dropLast()).map { item in
      let parts = item.split(separator: "=", maxSplits: 1)
      return parts.count > 1 ? (String(parts[0]), String(parts[1])) : (nil, String(item))
    }
  }

  private static func cut(_ text: Substring, at mark: String) -> (Substring, Substring)? {
    var index = text.startIndex
    while index < text.endIndex {
      if text[index...].hasPrefix(mark) { return (text[..<index], text[index...].dropFirst(mark.count)) }
      index = text.index(after: index)
    }
    return nil
  }

  /// The texts between commas outside brackets.
  private static func items(_ text: Substring) -> [Substring] {
    var items: [Substring] = []
    var start = text.startIndex
    var depth = 0
    for index in text.indices {
      switch text[index] {
      case "[", "(": depth += 1
      case "]", ")": depth -= 1
      case "," where depth == 0:
        items.append(text[start..<index])
        start = text.index(after: index)
      default: break
      }
    }
    items.append(text[start...])
    return items.compactMap { item in
      var item = item.drop { $0 == " " }
      while item.last == " " { item.removeLast() }
      return item.isEmpty ? nil : item
    }
  }
}

extension LayerRow {
  /// The row of a class; `nil` for a class that has none.
  static func named(_ name: String) -> LayerRow? { rows[name] }

  /// Every row.
  static var all: [LayerRow] { Array(rows.values) }

  private static let rows: [String: LayerRow] = {
    var rows: [String: LayerRow] = [:]
    for line in text.split(separator: "\n") {
      if let row = LayerRow(line) { rows[row.name] = row }
    }
    return rows
  }()

  /// Source: `torch/nn/modules`, v2.13.
  private static let text = """
    AdaptiveAvgPool1d(output_size): -> adaptive_avg_pool1d(input, output_size)
    AdaptiveAvgPool2d(output_size): -> adaptive_avg_pool2d(input, output_size)
    AdaptiveAvgPool3d(output_size): -> adaptive_avg_pool3d(input, output_size)
    AdaptiveMaxPool1d(output_size, return_indices=False): -> adaptive_max_pool1d(input, output_size, return_indices)
    AdaptiveMaxPool2d(output_size, return_indices=False): -> adaptive_max_pool2d(input, output_size, return_indices)
    AdaptiveMaxPool3d(output_size, return_indices=False): -> adaptive_max_pool3d(input, output_size, return_indices)
    AlphaDropout(p=0.5, inplace=False): -> alpha_dropout(input, p, False)
    AvgPool1d(kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True): -> torch.avg_pool1d(input, kernel_size, stride, padding, ceil_mode, count_include_pad)
    AvgPool2d(kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None): -> torch._C._nn.avg_pool2d(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)
    AvgPool3d(kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None): -> torch._C._nn.avg_pool3d(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)
    BatchNorm1d(num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True): affine?weight[num_features], affine?bias[num_features], track_running_stats?running_mean[num_features], track_running_stats?running_var[num_features] -> batch_norm(input, running_mean, running_var, weight, bias, False, momentum, eps)
    BatchNorm2d(num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True): affine?weight[num_features], affine?bias[num_features], track_running_stats?running_mean[num_features], track_running_stats?running_var[num_features] -> batch_norm(input, running_mean, running_var, weight, bias, False, momentum, eps)
    BatchNorm3d(num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True): affine?weight[num_features], affine?bias[num_features], track_running_stats?running_mean[num_features], track_running_stats?running_var[num_features] -> batch_norm(input, running_mean, running_var, weight, bias, False, momentum, eps)
    CELU(alpha=1.0, inplace=False): -> celu(input, alpha, inplace)
    ChannelShuffle(groups): -> torch.channel_shuffle(input, groups)
    ConstantPad1d(padding, value): -> torch._C._nn.pad(input, padding, 'constant', value)
    ConstantPad2d(padding, value): -> torch._C._nn.pad(input, padding, 'constant', value)
    ConstantPad3d(padding, value): -> torch._C._nn.pad(input, padding, 'constant', value)
    Conv1d(in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True): weight[out_channels, in_channels/groups, kernel_size*], bias?bias[out_channels] -> torch.conv1d(input, weight, bias, stride, padding, dilation, groups)
    Conv2d(in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True): weight[out_channels, in_channels/groups, kernel_size*], bias?bias[out_channels] -> torch.conv2d(input, weight, bias, stride, padding, dilation, groups)
    Conv3d(in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True): weight[out_channels, in_channels/groups, kernel_size*], bias?bias[out_channels] -> torch.conv3d(input, weight, bias, stride, padding, dilation, groups)
    ConvTranspose1d(in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1): weight[in_channels, out_channels/groups, kernel_size*], bias?bias[out_channels] -> torch.conv_transpose1d(input, weight, bias, stride, padding, output_padding, groups, dilation)
    ConvTranspose2d(in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1): weight[in_channels, out_channels/groups, kernel_size*], bias?bias[out_channels] -> torch.conv_transpose2d(input, weight, bias, stride, padding, output_padding, groups, dilation)
    ConvTranspose3d(in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1): weight[in_channels, out_channels/groups, kernel_size*], bias?bias[out_channels] -> torch.conv_transpose3d(input, weight, bias, stride, padding, output_padding, groups, dilation)
    Dropout(p=0.5, inplace=False): -> dropout(input, p, False, inplace)
    Dropout1d(p=0.5, inplace=False): -> dropout1d(input, p, False, inplace)
    Dropout2d(p=0.5, inplace=False): -> dropout2d(input, p, False, inplace)
    Dropout3d(p=0.5, inplace=False): -> dropout3d(input, p, False, inplace)
    ELU(alpha=1.0, inplace=False): -> elu(input, alpha, inplace)
    Embedding(num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False): weight[num_embeddings, embedding_dim] -> embedding(input, weight, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse)
    FeatureAlphaDropout(p=0.5, inplace=False): -> feature_alpha_dropout(input, p, False)
    Flatten(start_dim=1, end_dim=-1): -> torch.flatten(input, start_dim, end_dim)
    Fold(output_size, kernel_size, dilation=1, padding=0, stride=1): -> fold(input, output_size, kernel_size, dilation, padding, stride)
    GELU(approximate='none'): -> torch._C._nn.gelu(input, approximate=approximate)
    GLU(dim=-1): -> glu(input, dim)
    GroupNorm(num_groups, num_channels, eps=1e-05, affine=True): affine?weight[num_channels], affine?bias[num_channels] -> group_norm(input, num_groups, weight, bias, eps)
    Hardshrink(lambd=0.5): -> torch.hardshrink(input, lambd)
    Hardsigmoid(inplace=False): -> hardsigmoid(input, inplace)
    Hardswish(inplace=False): -> hardswish(input, inplace)
    Hardtanh(min_val=-1.0, max_val=1.0, inplace=False): -> hardtanh(input, min_val, max_val, inplace)
    InstanceNorm1d(num_features, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False): affine?weight[num_features], affine?bias[num_features] -> instance_norm(input, None, None, weight, bias, True, momentum, eps)
    InstanceNorm2d(num_features, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False): affine?weight[num_features], affine?bias[num_features] -> instance_norm(input, None, None, weight, bias, True, momentum, eps)
    InstanceNorm3d(num_features, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False): affine?weight[num_features], affine?bias[num_features] -> instance_norm(input, None, None, weight, bias, True, momentum, eps)
    LayerNorm(normalized_shape, eps=1e-05, elementwise_affine=True, bias=True): elementwise_affine?weight[normalized_shape*], elementwise_affine?bias[normalized_shape*] -> layer_norm(input, normalized_shape, weight, bias, eps)
    LeakyReLU(negative_slope=0.01, inplace=False): -> leaky_relu(input, negative_slope, inplace)
    Linear(in_features, out_features, bias=True): weight[out_features, in_features], bias?bias[out_features] -> torch._C._nn.linear(input, weight, bias)
    LocalResponseNorm(size, alpha=0.0001, beta=0.75, k=1.0): -> local_response_norm(input, size, alpha, beta, k)
    LogSigmoid(): -> torch._C._nn.log_sigmoid(input)
    LogSoftmax(dim=None): -> log_softmax(input, dim)
    MaxPool1d(kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False): -> max_pool1d(input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)
    MaxPool2d(kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False): -> max_pool2d(input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)
    MaxPool3d(kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False): -> max_pool3d(input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)
    Mish(inplace=False): -> mish(input, inplace)
    PReLU(num_parameters=1): weight[num_parameters] -> torch.prelu(input, weight)
    PixelShuffle(upscale_factor): -> torch.pixel_shuffle(input, upscale_factor)
    PixelUnshuffle(downscale_factor): -> torch.pixel_unshuffle(input, downscale_factor)
    RMSNorm(normalized_shape, eps=None, elementwise_affine=True): elementwise_affine?weight[normalized_shape*] -> rms_norm(input, normalized_shape, weight, eps)
    ReLU(inplace=False): -> relu(input, inplace)
    ReLU6(inplace=False): -> relu6(input, inplace)
    ReflectionPad1d(padding): -> torch._C._nn.pad(input, padding, 'reflect')
    ReflectionPad2d(padding): -> torch._C._nn.pad(input, padding, 'reflect')
    ReflectionPad3d(padding): -> torch._C._nn.pad(input, padding, 'reflect')
    ReplicationPad1d(padding): -> torch._C._nn.pad(input, padding, 'replicate')
    ReplicationPad2d(padding): -> torch._C._nn.pad(input, padding, 'replicate')
    ReplicationPad3d(padding): -> torch._C._nn.pad(input, padding, 'replicate')
    SELU(inplace=False): -> selu(input, inplace)
    SiLU(inplace=False): -> silu(input, inplace)
    Sigmoid(): -> torch.sigmoid(input)
    Softmax(dim=None): -> softmax(input, dim)
    Softmin(dim=None): -> softmin(input, dim)
    Softplus(beta=1.0, threshold=20.0): -> torch._C._nn.softplus(input, beta, threshold)
    Softshrink(lambd=0.5): -> torch._C._nn.softshrink(input, lambd)
    Softsign(): -> softsign(input)
    Tanh(): -> torch.tanh(input)
    Tanhshrink(): -> tanhshrink(input)
    Threshold(threshold, value, inplace=False): -> threshold(input, threshold, value, inplace)
    Unflatten(dim, unflattened_size): -> torch.unflatten(input, dim, unflattened_size)
    Unfold(kernel_size, dilation=1, padding=0, stride=1): -> unfold(input, kernel_size, dilation, padding, stride)
    Upsample(size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None): -> interpolate(input, size, scale_factor, mode, align_corners, recompute_scale_factor)
    ZeroPad1d(padding): -> torch._C._nn.pad(input, padding)
    ZeroPad2d(padding): -> torch._C._nn.pad(input, padding)
    ZeroPad3d(padding): -> torch._C._nn.pad(input, padding)
    """
}
