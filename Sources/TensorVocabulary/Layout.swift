/// The storage layout of a tensor, PyTorch's `torch.layout`.
///
/// Raw values are those of `c10::Layout`, which operator schemas use for defaults.
@frozen
public enum Layout: UInt8, CaseIterable, Hashable, Sendable {
  case strided = 0
  case sparseCoo
  case sparseCsr
  case mkldnn
  case sparseCsc
  case sparseBsr
  case sparseBsc
  case jagged
}

extension Layout {
  /// PyTorch's name without the `torch.` prefix, such as `strided` or `sparse_coo`.
  public var name: String {
    switch self {
    case .strided: "strided"
    case .sparseCoo: "sparse_coo"
    case .sparseCsr: "sparse_csr"
    case .mkldnn: "_mkldnn"
    case .sparseCsc: "sparse_csc"
    case .sparseBsr: "sparse_bsr"
    case .sparseBsc: "sparse_bsc"
    case .jagged: "jagged"
    }
  }

  /// The layout with PyTorch's name, with or without the `torch.` prefix.
  public init?(name: some StringProtocol) {
    let bare = name.hasPrefix("torch.") ? name.dropFirst(6) : name[...]
    guard let layout = Layout.allCases.first(where: { bare == $0.name }) else { return nil }
    self = layout
  }

  /// The layout with the number `code` in .pt2 archives; `nil` for 0 (unknown) and undefined codes.
  ///
  /// Source: `Layout`, `torch/_export/serde/schema.py`, v2.13; the numbers are not those of c10.
  public init?(archiveCode code: Int) {
    switch code {
    case 1: self = .sparseCoo
    case 2: self = .sparseCsr
    case 3: self = .sparseCsc
    case 4: self = .sparseBsr
    case 5: self = .sparseBsc
    case 6: self = .mkldnn
    case 7: self = .strided
    default: return nil
    }
  }

  /// The code of the layout in a .pt2 archive, or `nil` if it has none.
  public var archiveCode: Int? {
    switch self {
    case .sparseCoo: 1
    case .sparseCsr: 2
    case .sparseCsc: 3
    case .sparseBsr: 4
    case .sparseBsc: 5
    case .mkldnn: 6
    case .strided: 7
    case .jagged: nil
    }
  }
}

extension Layout: CustomStringConvertible {
  /// The ``name``.
  public var description: String { name }
}
