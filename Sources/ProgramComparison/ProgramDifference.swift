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
  /// How callers nest arguments and find results, where that differs; see `TreeSpec`.
  public internal(set) var nesting: [NestingDifference] = []
  /// The outputs that go elsewhere, such as into a buffer.
  public internal(set) var outputs: [OutputDifference] = []
  /// The requirements of A, besides ranges, that do not follow from those of B: `x.size()[0] != 5`.
  public internal(set) var removedGuards: [String] = []
  /// The requirements of B, besides ranges, that do not follow from those of A.
  public internal(set) var addedGuards: [String] = []
  /// Which sizes only one of them takes.
  public internal(set) var accepted = AcceptedDifference()
  /// The memory and the operations that differ.
  public internal(set) var costs: [CostDifference] = []
  /// Why the costs could not be compared.
  public internal(set) var costsReason: String?

  /// Whether a run has spent one of its budgets, so that something may count as different that is the same.
  public internal(set) var isCutShort = false

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

  /// How arguments or results are nested in A and in B.
  public struct NestingDifference: Hashable, Sendable {
    /// `arguments` or `results`.
    public let what: String
    /// The structure in A, with `*` for each leaf: `((*, *), {})`.
    public let a: String
    /// The structure in B.
    public let b: String
  }

  /// What becomes of an output in A and in B.
  public struct OutputDifference: Hashable, Sendable {
    /// Its place among the outputs of the graph.
    public let place: Int
    /// What becomes of it in A, such as `bufferMutation of count`; `nil` when A has no such output.
    public let a: String?
    /// What becomes of it in B.
    public let b: String?
  }

  /// One cost of A and of B as formulas in B's symbols, and where both are known, at example sizes.
  public struct CostDifference: Hashable, Sendable {
    /// What is counted.
    public enum Quantity: String, CaseIterable, Sendable {
      /// The largest number of bytes that are live at once.
      case peak
      /// The bytes of parameters, buffers and constants.
      case weights
      /// The bytes of the inputs.
      case inputs
      /// Floating-point operations.
      case flops
    }

    /// What is counted.
    public let quantity: Quantity
    /// The formulas.
    public let formulas: Pair
    /// A's value at the example sizes of B.
    public let valueInA: Int?
    /// B's value there.
    public let valueInB: Int?
    /// These sizes: `s0=8 s1=3`.
    public let sizes: String
  }

  /// Which sizes of at least 2 are taken by one program only.
  public struct AcceptedDifference: Sendable {
    /// What B takes, compared with A.
    public enum Relation: String, Sendable {
      case same, fewer, more, incomparable, unknown
    }

    /// What B takes, compared with A.
    public internal(set) var relation = Relation.unknown
    /// Whether it follows from what the programs state that A takes all that B takes.
    public internal(set) var isWithinA = false
    /// Whether it follows from what the programs state that B takes all that A takes.
    public internal(set) var isWithinB = false
    /// Sizes that exactly one of them takes, by A's names of the inputs.
    public internal(set) var counterexample: [Sizes] = []
    /// Why nothing is known.
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
  public var hasSameGraph: Bool { hasSameCalls && state.changed.isEmpty }

  /// Whether only the contents of weights may differ from ``hasSameGraph``.
  var hasSameCalls: Bool {
    nodes.removed.isEmpty && nodes.added.isEmpty && !reordersInputs
      && state.kindChanged.isEmpty && state.removed.isEmpty && state.added.isEmpty
      && nodes.changed.allSatisfy { !$0.fields.contains(.args) && !$0.fields.contains(.kwargs) }
  }

  /// Whether recorded values, ranges, asserts and what becomes of outputs are the same.
  var hasSameFacts: Bool {
    nodes.changed.isEmpty && ranges.isEmpty && removedAsserts.isEmpty && addedAsserts.isEmpty
      && outputs.isEmpty
  }

  /// Whether the programs are the same up to the names and order of nodes and the names of symbols and weights.
  public var isEqual: Bool {
    hasSameGraph && hasSameFacts && renamedInputs.isEmpty && nesting.isEmpty && removedGuards.isEmpty
      && addedGuards.isEmpty && [.same, .unknown].contains(accepted.relation)
  }
}

extension [ProgramDifference.Pair] {
  /// What B calls each thing, by its name in A; the first pair of a name counts.
  var namesInB: [String: String] {
    Dictionary(map { ($0.a, $0.b) }, uniquingKeysWith: { first, _ in first })
  }
}
