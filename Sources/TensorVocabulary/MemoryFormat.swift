/// The memory format requested from an operator, PyTorch's `torch.memory_format`.
///
/// Raw values are those of `c10::MemoryFormat`, which operator schemas use for defaults.
@frozen
public enum MemoryFormat: UInt8, CaseIterable, Hashable, Sendable {
  /// The last dim varies fastest.
  case contiguous = 0
  /// The format of the input.
  case preserve
  /// `NHWC`: channels vary fastest, for tensors of rank 4.
  case channelsLast
  /// `NDHWC`: channels vary fastest, for tensors of rank 5.
  case channelsLast3d
}

extension MemoryFormat {
  /// PyTorch's name without the `torch.` prefix, such as `contiguous_format` or `channels_last`.
  public var name: String {
    switch self {
    case .contiguous: "contiguous_format"
    case .preserve: "preserve_format"
    case .channelsLast: "channels_last"
    case .channelsLast3d: "channels_last_3d"
    }
  }

  /// The memory format with PyTorch's name, with or without the `torch.` prefix.
  public init?(name: some StringProtocol) {
    let bare = name.hasPrefix("torch.") ? name.dropFirst(6) : name[...]
    guard let format = MemoryFormat.allCases.first(where: { bare == $0.name }) else { return nil }
    self = format
  }

  /// The memory format with the number `code` in .pt2 archives; `nil` for 0 (unknown) and undefined codes.
  ///
  /// Source: `MemoryFormat`, `torch/_export/serde/schema.py`, v2.13; the numbers are not those of c10.
  public init?(archiveCode code: Int) {
    switch code {
    case 1: self = .contiguous
    case 2: self = .channelsLast
    case 3: self = .channelsLast3d
    case 4: self = .preserve
    default: return nil
    }
  }

  /// The code of the memory format in a .pt2 archive.
  public var archiveCode: Int {
    switch self {
    case .contiguous: 1
    case .channelsLast: 2
    case .channelsLast3d: 3
    case .preserve: 4
    }
  }
}

extension MemoryFormat: CustomStringConvertible {
  /// The ``name``.
  public var description: String { name }
}
