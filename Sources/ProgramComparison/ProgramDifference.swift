/// What differs between two programs, A and B.
///
/// ```swift
/// let difference = try ProgramDifference(ExportedProgram(path: "a.pt2"), ExportedProgram(path: "b.pt2"))
/// print(difference.isEqual, difference.nodes.removed, difference.nodes.added)
/// ```
///
/// Nodes are matched by what they compute and where they stand, whatever they are called and in which order they are.
/// Values are those that the archives recorded, A's in B's symbols. Stack traces, module paths and the wording of
/// assertion messages do not count.
public struct ProgramDifference: Sendable {
  /// The nodes of the graphs, nested ones with their paths in front.
  public internal(set) var nodes = NodeDifference()
  /// The symbols of A with their names in B.
  public internal(set) var symbols: [Pair] = []
  /// The ranges that differ, by A's names of the symbols.
  public internal(set) var ranges: [RangeDifference] = []
  /// The runtime asserts of A that B lacks, in B's symbols.
  public internal(set) var removedAsserts: [String] = []
  /// The runtime asserts of B that A lacks.
  public internal(set) var addedAsserts: [String] = []
  /// The parameters, buffers and constants.
  public internal(set) var state = StateDifference()
  /// The inputs that callers give and that have another name.
  public internal(set) var renamedInputs: [Pair] = []
  /// Whether callers give the inputs in another order.
  public internal(set) var reordersInputs = false
  /// Which sizes only one of them takes.
  public internal(set) var accepted = AcceptedDifference()

  /// What A and B call one thing.
  public struct Pair: Hashable, Sendable {
    /// The name in A.
    public let a: String
    /// The name in B.
    public let b: String
  }

  /// What differs between the nodes.
  public struct NodeDifference: Sendable {
    /// A's nodes without a counterpart.
    public internal(set) var removed: [String] = []
    /// B's nodes without a counterpart.
    public internal(set) var added: [String] = []
    /// Counterparts that differ.
    public internal(set) var changed: [NodeChange] = []
    /// Counterparts with different names.
    public internal(set) var renamed: [Pair] = []
    /// Inputs that have another place.
    public internal(set) var moved: [Pair] = []
  }

  /// How two counterparts differ.
  public struct NodeChange: Sendable {
    /// The name in A.
    public let a: String
    /// The name in B.
    public let b: String
    /// What differs.
    public let fields: [Field]
    /// The call or value in A and in B, for readers.
    public let texts: Pair
  }

  /// What may differ between counterparts.
  public enum Field: String, Sendable, CaseIterable {
    case args, kwargs, dtype, device, sizes, strides, value
  }

  /// The bounds of a symbol in A and in B; `nil` is no bound.
  public struct RangeDifference: Sendable {
    /// A's name of the symbol.
    public let symbol: String
    /// The bounds in A.
    public let a: Bounds
    /// The bounds in B.
    public let b: Bounds
  }

  /// The bounds of a symbol.
  public struct Bounds: Hashable, Sendable {
    /// The lower bound.
    public let lower: Int?
    /// The upper bound.
    public let upper: Int?
  }

  /// What differs between parameters, buffers and constants.
  public struct StateDifference: Sendable {
    /// Those with other contents.
    public internal(set) var changed: [String] = []
    /// Those that are of another kind, such as a buffer that was a parameter.
    public internal(set) var kindChanged: [String] = []
    /// Those that only A has.
    public internal(set) var removed: [String] = []
    /// Those that only B has.
    public internal(set) var added: [String] = []
    /// Those with the same contents under another name.
    public internal(set) var renamed: [Pair] = []
  }

  /// Which sizes of at least 2 are taken by one program only.
  public struct AcceptedDifference: Sendable {
    /// What B takes, compared with A.
    public enum Relation: String, Sendable {
      case same, fewer, more, incomparable, unknown
    }

    /// What B takes, compared with A.
    public internal(set) var relation = Relation.unknown
    /// Sizes that exactly one of them takes, by A's names of the inputs.
    public internal(set) var counterexample: [Sizes] = []
    /// Why the sizes could not be compared.
    public internal(set) var reason: String?
  }

  /// The sizes of an input.
  public struct Sizes: Hashable, Sendable {
    /// The input.
    public let input: String
    /// One number for each dim; one alone for an integer.
    public let sizes: [Int]
    /// Whether the input is an integer.
    public let isInteger: Bool
  }

  /// Whether operators, literals, wiring and weights are the same up to names and order.
  public var hasSameGraph: Bool {
    nodes.removed.isEmpty && nodes.added.isEmpty && !reordersInputs && state.changed.isEmpty
      && state.kindChanged.isEmpty && state.removed.isEmpty && state.added.isEmpty
      && nodes.changed.allSatisfy { !$0.fields.contains(.args) && !$0.fields.contains(.kwargs) }
  }

  /// Whether the programs are the same up to the names and order of nodes and the names of symbols and weights.
  public var isEqual: Bool {
    hasSameGraph && nodes.changed.isEmpty && ranges.isEmpty && removedAsserts.isEmpty && addedAsserts.isEmpty
      && renamedInputs.isEmpty && [.same, .unknown].contains(accepted.relation)
  }
}
