/// The device of a tensor, PyTorch's `torch.device`: `cpu`, `cuda:0`.
@frozen
public struct Device: Hashable, Sendable {
  /// The kind of hardware.
  public var type: DeviceType
  /// Which device of that kind; `nil` means the current one.
  public var index: Int16?

  /// Creates a device of a type; the current one unless `index` is given.
  @inlinable
  public init(_ type: DeviceType, index: Int16? = nil) {
    self.type = type
    self.index = index
  }

  /// The CPU.
  public static let cpu = Device(.cpu)
  /// No hardware: tensors have metadata only.
  public static let meta = Device(.meta)

  /// The device on which a tensor is actually created: an accelerator without an index means the current one, which is
  /// the first unless a run chooses another.
  ///
  /// Source: `FakeTensor.__new__`, `torch/_subclasses/fake_tensor.py`.
  @inlinable
  public var indexed: Device {
    if index != nil || type == .cpu { return self }
    switch type {
    case .cuda, .hpu, .xpu, .mps, .mtia, .privateuseone: return Device(type, index: 0)
    default: return self
    }
  }

  /// Parses PyTorch's spelling, `type` or `type:index`; `nil` if there is no such device.
  ///
  /// Leading zeros and signs are rejected, as in `torch.device`.
  public init?(_ text: some StringProtocol) {
    guard let colon = text.firstIndex(of: ":") else {
      guard let type = DeviceType(name: text) else { return nil }
      self.init(type)
      return
    }
    let digits = text[text.index(after: colon)...]
    guard let type = DeviceType(name: text[..<colon]), let index = Int16(digits),
      index >= 0, digits == "\(index)"
    else { return nil }
    self.init(type, index: index)
  }
}

extension Device: CustomStringConvertible {
  /// PyTorch's spelling: `cpu`, `cuda:0`.
  public var description: String {
    guard let index else { return type.name }
    return "\(type.name):\(index)"
  }
}
