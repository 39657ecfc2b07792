public import TensorVocabulary

/// How an operator treats tensors on several devices.
public enum DeviceLaw: Sendable {
  /// All tensors are on one device, where CPU tensors without dims go with any. The result is there, too.
  ///
  /// Source: `FakeTensor._find_common_device`.
  case common
  /// All tensors are on one device, also those without dims.
  case equal
}

extension OperatorRow {
  /// This row for an operator that refuses tensors on several devices.
  public func onOneDevice(_ law: DeviceLaw = .common) -> OperatorRow {
    let rule = rule
    return OperatorRow(name, schema: schema, inplace: inplace) { call in
      guard let device = try call.deviceOfMixedTensors(law) else { return try rule(call) }
      if call.isInplace, try call.tensor(0).device != device {
        throw call.wrongDevice(of: try call.tensor(0), device)
      }
      let value = try rule(call)
      if !call.isInplace, !call.isOut { value.forEachTensor { $0.device = device } }
      return value
    }
  }
}

extension OperatorCall {
  /// The common device of tensors on several devices; `nil` if all are on one.
  fileprivate func deviceOfMixedTensors(_ law: DeviceLaw) throws -> Device? {
    var first: Device?
    let isMixed = arguments.contains { argument in
      argument.containsTensor { tensor in
        if let first { return tensor.device != first }
        first = tensor.device
        return false
      }
    }
    if !isMixed { return nil }
    var tensors: [FakeTensor] = []
    for argument in arguments { argument.forEachTensor { tensors.append($0) } }
    let device = try commonDevice(tensors)
    if law == .equal, let other = tensors.first(where: { $0.device != device }) {
      throw wrongDevice(of: other, device)
    }
    return device
  }

  /// The refusal of a tensor that is not on the device of the others.
  func wrongDevice(of tensor: FakeTensor, _ device: Device) -> OperatorError {
    refusal("Expected all tensors to be on the same device, found \(device) and \(tensor.device)")
  }

  /// The device of the result: that of the tensors, except that CPU tensors without dims go with any device.
  ///
  /// Source: `FakeTensor._find_common_device`.
  public func commonDevice(_ tensors: [FakeTensor]) throws -> Device {
    var device: Device?
    for tensor in tensors where tensor.rank > 0 || tensor.device.type != .cpu {
      if let device, device != tensor.device { throw wrongDevice(of: tensor, device) }
      device = tensor.device
    }
    return device ?? tensors.first?.device ?? .cpu
  }
}
