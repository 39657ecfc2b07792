/// The kind of hardware of a device.
///
/// Raw values are those of `c10::DeviceType`.
@frozen
public enum DeviceType: UInt8, CaseIterable, Hashable, Sendable {
  case cpu = 0
  case cuda
  case mkldnn
  case opengl
  case opencl
  case ideep
  case hip
  case fpga
  case maia
  case xla
  case vulkan
  case metal
  case xpu
  case mps
  /// Tensors with metadata but no data.
  case meta
  case hpu
  case ve
  case lazy
  case ipu
  case mtia
  /// Out-of-tree backends.
  case privateuseone
}

extension DeviceType {
  /// PyTorch's name in lower case, such as `cuda`.
  public var name: String {
    switch self {
    case .cpu: "cpu"
    case .cuda: "cuda"
    case .mkldnn: "mkldnn"
    case .opengl: "opengl"
    case .opencl: "opencl"
    case .ideep: "ideep"
    case .hip: "hip"
    case .fpga: "fpga"
    case .maia: "maia"
    case .xla: "xla"
    case .vulkan: "vulkan"
    case .metal: "metal"
    case .xpu: "xpu"
    case .mps: "mps"
    case .meta: "meta"
    case .hpu: "hpu"
    case .ve: "ve"
    case .lazy: "lazy"
    case .ipu: "ipu"
    case .mtia: "mtia"
    case .privateuseone: "privateuseone"
    }
  }

  /// The device type with PyTorch's name.
  public init?(name: some StringProtocol) {
    guard let type = DeviceType.allCases.first(where: { name == $0.name }) else { return nil }
    self = type
  }
}

extension DeviceType: CustomStringConvertible {
  /// The ``name``.
  public var description: String { name }
}
