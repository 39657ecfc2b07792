import ATenOperators
import FX
import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Arguments of operators: what their schema says, or anything at all.
extension FuzzBytes {
  private static let dtypes: [ScalarType] = [
    .float32, .int64, .bool, .complex64, .uint8, .float16, .bfloat16, .float8e4m3fn, .int32, .float64,
  ]

  /// A size: small, huge, negative or symbolic.
  mutating func size(in mode: FakeTensorMode) -> SymInt {
    switch below(12) {
    case 0: SymInt(pick(Hostile.integers))
    case 1, 2: mode.size("s\(below(3))", hint: 2 + below(7))
    case 3: mode.unbackedSize("u\(below(3))")
    case 4: mode.shapes.mul(mode.size("s0", hint: 8), SymInt(1 + below(4)))
    case 5: mode.shapes.floorDiv(mode.size("s1", hint: 6), SymInt(1 + below(4)))
    case 6: mode.shapes.createUnbackedInt()
    default: SymInt([0, 1, 1, 2, 3, 4, 5, 8][below(8)])
    }
  }

  /// A tensor whose sizes cannot be negative, for a tensor cannot have them.
  mutating func tensor(in mode: FakeTensorMode) -> FakeTensor {
    let rank = chance(8) ? below(40) : below(6)
    let sizes = Sizes(
      (0..<rank).map { _ in
        let size = size(in: mode)
        return size.isKnown { $0 < 0 } ? 1 : size
      })
    return mode.tensor(sizes, dtype: pick(Self.dtypes), device: chance(16) ? Device(.cuda) : .cpu)
  }

  /// A value that fits the type, in most cases.
  mutating func value(_ type: ArgumentType, in mode: FakeTensorMode) -> FakeValue {
    if chance(20) { return anything(in: mode) }
    if type.isOptional, chance(100) { return .none }
    switch type.nonOptional {
    case .tensor: return .tensor(tensor(in: mode))
    case .int, .symInt: return .symInt(chance(180) ? SymInt(below(6) - 2) : size(in: mode))
    case .scalar: return chance(128) ? .symInt(SymInt(below(9) - 3)) : .float(pick(Hostile.floats))
    case .float: return .float(pick(Hostile.floats))
    case .bool: return .bool(chance(128))
    case .string: return .string(pick(Hostile.strings))
    case .dtype: return .dtype(pick(Self.dtypes))
    case .device: return .device(chance(128) ? .cpu : Device(.cuda))
    case .layout: return .layout(.strided)
    case .memoryFormat: return .memoryFormat(chance(128) ? .contiguous : .channelsLast)
    case .list(let element, let count):
      return .list((0..<(count ?? below(5))).map { _ in value(element, in: mode) })
    default: return .none
    }
  }

  private mutating func anything(in mode: FakeTensorMode) -> FakeValue {
    switch below(13) {
    case 0: .none
    case 1: .symInt(SymInt(pick(Hostile.integers)))
    case 2: .float(pick(Hostile.floats))
    case 3: .bool(chance(128))
    case 4: .string(pick(Hostile.strings))
    case 5: .list([])
    case 6: .list((0..<below(5)).map { _ in anything(in: mode) })
    case 7: .sizes(Sizes((0..<below(9)).map { _ in size(in: mode) }))
    case 8: .sizes([SymInt(.max), .tooLarge, -1])
    case 9: .dtype(pick(Self.dtypes))
    case 10: .complex(pick(Hostile.floats), 0)
    case 11: .symInt(size(in: mode))
    default: .tensor(tensor(in: mode))
    }
  }
}
