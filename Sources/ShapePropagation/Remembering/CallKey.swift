import DenseTables
import FX
import FakeTensors
import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

/// A call as a list of words that can be compared: what is known when a plan is made, or the metadata of a run's
/// arguments.
///
/// Every part begins with a word for its kind, so two lists are equal only if their parts are. A part that has no words
/// makes the key incomplete.
struct CallKey {
  private enum Kind: UInt64 {
    case tensor, int, expression, symFloat, symBool, bool, float, none, dtype, layout, memoryFormat, device,
      string
    case sizes, list, tuple, omitted, computed, integers
  }

  private(set) var words = WordList()
  /// The metadata number of the first tensor; 0 when there is none.
  private(set) var firstMetadata: UInt32 = 0
  /// Whether some part is symbolic.
  private(set) var isSymbolic = false
  /// Whether every part has been written as words.
  private(set) var isWhole = true

  /// Starts a new key with the word `first`.
  mutating func start(_ first: UInt64) {
    words.removeAll()
    firstMetadata = 0
    isSymbolic = false
    isWhole = true
    words.append(first)
  }

  private mutating func mark(_ kind: Kind, _ payload: UInt64 = 0) {
    words.append(kind.rawValue << 56 | payload)
  }

  private mutating func add(_ value: SymInt) {
    if let constant = value.constant {
      mark(.int)
      words.append(UInt64(bitPattern: Int64(constant)))
    } else if let expression = value.symbolicExpression {
      mark(.expression, UInt64(expression.bits))
      isSymbolic = true
    }
  }

  // While a plan is made

  /// An omitted argument, which has its default value.
  mutating func addOmitted() { mark(.omitted) }

  /// An argument that a run computes.
  mutating func addComputed() { mark(.computed) }

  /// A constant argument.
  mutating func add(_ argument: Node.Argument) {
    switch argument {
    case .none: mark(.none)
    case .bool(let value): mark(.bool, value ? 1 : 0)
    case .int(let value):
      mark(.int)
      words.append(UInt64(bitPattern: Int64(value)))
    case .float(let value):
      mark(.float)
      words.append(value.bitPattern)
    case .dtype(let value): mark(.dtype, UInt64(value.rawValue))
    case .layout(let value): mark(.layout, UInt64(value.rawValue))
    case .memoryFormat(let value): mark(.memoryFormat, UInt64(value.rawValue))
    case .device(let value):
      mark(
        .device,
        UInt64(value.type.rawValue) << 17 | (value.index.map { UInt64(UInt16(bitPattern: $0)) << 1 | 1 } ?? 0)
      )
    case .string(let value):
      mark(.string, UInt64(value.utf8.count))
      for byte in value.utf8 { words.append(UInt64(byte)) }
    case .list(let items):
      mark(.list, UInt64(items.count))
      for item in items { add(item) }
    case .tuple(let items):
      mark(.tuple, UInt64(items.count))
      for item in items { add(item) }
    default: isWhole = false
    }
  }

  // While a plan is run

  /// Completes a key: a result with symbols also depends on what is known about them.
  mutating func end(_ shapes: ShapeEnv) {
    if isSymbolic { words.append(shapes.version) }
  }

  private mutating func mark(_ kind: Kind, _ expression: SymExpr) {
    mark(kind, UInt64(expression.bits))
    isSymbolic = true
  }

  /// Adds the value of an argument.
  mutating func add(_ value: FakeValue, _ mode: FakeTensorMode) {
    switch value {
    case .tensor(let tensor):
      let number = mode.metadataNumber(of: tensor)
      if number == 0 { isWhole = false }
      if firstMetadata == 0 { firstMetadata = number }
      mark(.tensor, UInt64(number))
      if FakeTensorMode.isSymbolic(metadata: number) { isSymbolic = true }
    case .symInt(let value): add(value)
    case .symFloat(let value): mark(.symFloat, value.expression)
    case .symBool(let value): mark(.symBool, value.expression)
    case .bool(let value): mark(.bool, value ? 1 : 0)
    case .none: mark(.none)
    case .float(let value):
      mark(.float)
      words.append(value.bitPattern)
    case .dtype(let value): mark(.dtype, UInt64(value.rawValue))
    case .sizes(let sizes):
      mark(.sizes, UInt64(sizes.count))
      for size in sizes { add(size) }
    case .list(let items):
      mark(.list, UInt64(items.count))
      for item in items { add(item, mode) }
    case .tuple(let items):
      mark(.tuple, UInt64(items.count))
      for item in items { add(item, mode) }
    default: isWhole = false
    }
  }

  /// Adds the head of a list, whose elements are added next.
  mutating func addList(_ compound: PropagationPlan.Compound) {
    switch compound {
    case .integers(let items): mark(.integers, UInt64(items.count))
    case .list(let items): mark(.list, UInt64(items.count))
    case .tuple(let items): mark(.tuple, UInt64(items.count))
    case .dictionary, .slice: isWhole = false
    }
  }
}
