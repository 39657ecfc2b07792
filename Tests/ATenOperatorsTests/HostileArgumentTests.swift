import ATenOperators
import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary
import TestSupport
import Testing

/// A rule returns or throws on any arguments.
@Suite struct HostileArgumentTests {
  static let families: [[String]] = {
    let names = OperatorTable.aten.names
    return stride(from: 0, to: names.count, by: 100).map { Array(names[$0..<min($0 + 100, names.count)]) }
  }()

  @Test(arguments: families)
  func anyArgumentsReturnOrThrow(_ names: [String]) throws {
    for (position, name) in names.enumerated() {
      let base = name.split(separator: ".").first.map(String.init) ?? name
      for overload in SchemaTable.overloads(of: "aten.\(base)") {
        guard let resolved = OperatorTable.aten.resolve(overload) else { continue }
        var random = SplitMix64(seed: UInt64(position))
        for _ in 0..<10 {
          let mode = FakeTensorMode()
          let arguments = resolved.schema.arguments.map { argument in
            Bool.random(using: &random)
              ? plausible(argument.type, in: mode, using: &random) : junk(in: mode, using: &random)
          }
          guard let call = try? resolved.call(arguments, in: mode) else { continue }
          _ = try? resolved.apply(call)
        }
      }
    }
  }

  /// Dims are memory: a run may not make results of more and more of them.
  @Test func dimsBeyondTheCommonOnesAreCounted() throws {
    let mode = FakeTensorMode()
    let name = OperatorName(namespace: "aten", base: "unsqueeze")
    let resolved = try #require(OperatorTable.aten.resolve(name))
    func longer(_ tensor: FakeTensor) throws -> FakeTensor? {
      try resolved.apply(resolved.call([.tensor(tensor), .int(0)], in: mode)).tensor
    }
    var tensor = mode.tensor(Sizes(repeating: 1, count: 100))
    // A result of 101 to 103 dims counts 13 times, one of 104 to 111 dims 14 times.
    mode.mostPieces = 100
    for _ in 0..<7 { tensor = try #require(try longer(tensor)) }
    #expect(tensor.rank == 107)
    let error = #expect(throws: OperatorError.self) { try longer(tensor) }
    #expect(error?.message.contains("a tensor of 108 dims") == true)
    // The next run begins anew, and results of at most 64 dims do not count.
    mode.epoch += 1
    mode.mostPieces = 0
    #expect(try longer(mode.tensor(Sizes(repeating: 1, count: 63)))?.rank == 64)
  }

  /// A grid of n vectors is n tensors of n dims.
  @Test func gridsAreCountedBeforeTheyAreMade() throws {
    let mode = FakeTensorMode()
    mode.mostPieces = 10_000
    let resolved = try #require(OperatorTable.aten.resolve(OperatorName(namespace: "aten", base: "meshgrid")))
    func grid(_ axes: Int) throws -> FakeValue {
      let tensor = FakeValue.tensor(mode.tensor([2]))
      return try resolved.apply(resolved.call([.list(Array(repeating: tensor, count: axes))], in: mode))
    }
    #expect(try grid(64).elements?.count == 64)
    let before = mode.storageCount
    let error = #expect(throws: OperatorError.self) { try grid(5_000) }
    #expect(error?.message.contains("5000 tensors of 5000 dims") == true, "\(error?.message ?? "")")
    #expect(mode.storageCount <= before + 1)
  }

  @Test(arguments: [[], [1, 1, 1]])
  func aConvolutionRequiresPaddingForEachDim(_ padding: [SymInt]) throws {
    let mode = FakeTensorMode()
    let name = OperatorName(namespace: "aten", base: "conv2d")
    let resolved = try #require(OperatorTable.aten.resolve(name))
    let input = mode.tensor([1, 4, 7, 5], dtype: .float32)
    let weight = mode.tensor([6, 4, 3, 3], dtype: .float32)
    let call = try resolved.call(
      [.tensor(input), .tensor(weight), .none, .sizes([1, 1]), .sizes(Sizes(padding))], in: mode)
    #expect(throws: OperatorError.self) { try resolved.apply(call) }
  }

  @Test func aResizeToAnEmptySizeDoesNotTrap() throws {
    let mode = FakeTensorMode()
    let name = OperatorName(namespace: "aten", base: "upsample_nearest1d")
    let resolved = try #require(OperatorTable.aten.resolve(name))
    for size in [SymInt(2), mode.shapes.createUnbackedInt()] {
      let input = mode.tensor([size, 3, 4], dtype: .float32)
      _ = try? resolved.apply(resolved.call([.tensor(input), .sizes([])], in: mode))
    }
  }

  /// One row whose elements all lie below the diagonal.
  @Test(arguments: [7, 1 << 62, Int.max]) func aTriangleMayHaveAnyNumberOfColumns(_ columns: Int) throws {
    let mode = FakeTensorMode()
    let name = OperatorName(namespace: "aten", base: "tril_indices")
    let resolved = try #require(OperatorTable.aten.resolve(name))
    let call = try resolved.call([.int(1), .int(columns), .int(columns - 1)], in: mode)
    guard case .tensor(let result) = try resolved.apply(call) else { throw Refusal() }
    #expect(result.sizes == [2, SymInt(columns)])
  }

  private struct Refusal: Error {}

  private func tensor(in mode: FakeTensorMode, using random: inout SplitMix64) -> FakeTensor {
    let dtypes: [ScalarType] = [.float32, .int64, .bool, .complex64, .uint8, .float16]
    let rank = [0, 1, 2, 3, 4, 5, 8].randomElement(using: &random) ?? 0
    let unbacked = mode.shapes.createUnbackedInt()
    let choices: [SymInt] = [0, 1, 2, 3, 5, unbacked]
    let sizes = Sizes((0..<rank).map { _ in choices.randomElement(using: &random) ?? 1 })
    return mode.tensor(sizes, dtype: dtypes.randomElement(using: &random) ?? .float32)
  }

  private func plausible(
    _ type: ArgumentType, in mode: FakeTensorMode, using random: inout SplitMix64
  ) -> FakeValue {
    switch type.nonOptional {
    case .tensor: .tensor(tensor(in: mode, using: &random))
    case .int, .symInt, .scalar: .int([-1, 0, 1, 2, 3, 7].randomElement(using: &random) ?? 0)
    case .float: .float([0, 0.5, -1, .nan].randomElement(using: &random) ?? 0)
    case .bool: .bool(Bool.random(using: &random))
    case .list(let element, _):
      .list(
        (0..<Int.random(in: 0...4, using: &random)).map { _ in plausible(element, in: mode, using: &random) })
    default: .none
    }
  }

  private func junk(in mode: FakeTensorMode, using random: inout SplitMix64) -> FakeValue {
    switch Int.random(in: 0..<12, using: &random) {
    case 0: .none
    case 1: .int([.min, -3, -1, 0, 64, 65, .max, .max - 1].randomElement(using: &random) ?? 0)
    case 2: .float([.nan, .infinity, -.infinity, 1e300, -0.5].randomElement(using: &random) ?? 0)
    case 3: .bool(Bool.random(using: &random))
    case 4: .string(["", "sum", "bogus", "reflect"].randomElement(using: &random) ?? "")
    case 5: .list([])
    case 6: .list([.none, .int(-1), .tensor(tensor(in: mode, using: &random))])
    case 7: .sizes([-1, .tooLarge, SymInt(.max), 0])
    case 8: .sizes([SymInt(.max), SymInt(.max)])
    case 9: .dtype(.float8e4m3fn)
    case 10: .symInt(mode.shapes.createUnbackedInt())
    default: .tensor(tensor(in: mode, using: &random))
    }
  }
}
