import Foundation
import SymbolicExpressions
import SymbolicShapes
import Testing

@testable import SizeAdmission

/// A guard written by PyTorch, and Python's value of it on a grid of sizes; see `Scripts/record_guards.py`.
struct GuardCase: Decodable, CustomTestStringConvertible, Sendable {
  var code: String
  var values: String
  var testDescription: String { code }

  struct File: Decodable {
    var sizes: [Int]
    var guards: [GuardCase]
  }

  static let file: File = {
    guard let url = Bundle.module.url(forResource: "Goldens/guards_code", withExtension: "json"),
      let data = try? Data(contentsOf: url), let file = try? JSONDecoder().decode(File.self, from: data)
    else { return File(sizes: [], guards: []) }
    return file
  }()
}

@Suite struct GuardReaderTests {
  @Test(arguments: GuardCase.file.guards) func readsWhatPyTorchWrites(_ golden: GuardCase) throws {
    let shapes = ShapeEnv()
    let a = shapes.arena.symbol("a")
    let b = shapes.arena.symbol("b")
    let reader = GuardReader { path, property, index in
      guard property == .size, index == 0 else { return nil }
      return path.dotted == "x" ? a : path.dotted == "y" ? b : nil
    }
    let condition = try reader.condition(golden.code, in: shapes)
    var compiler = RegisterCompiler(parameterCount: 2)
    compiler.bind(a, toParameter: 0)
    compiler.bind(b, toParameter: 1)
    let isCompiled = compiler.demand(condition, number: 0, shapes.arena)
    #expect(isCompiled)
    let program = compiler.finished()
    var expected = golden.values.makeIterator()
    for x in GuardCase.file.sizes {
      for y in GuardCase.file.sizes {
        let value = expected.next()
        switch [x, y].withUnsafeBufferPointer({ program.run($0) }) {
        case .met: #expect(value == "t", "a = \(x), b = \(y)")
        case .violated: #expect(value == "f", "a = \(x), b = \(y)")
        case .undecided(_, .overflow): #expect(golden.code.contains("**"), "a = \(x), b = \(y)")
        case .undecided: #expect(value == "-", "a = \(x), b = \(y)")
        case .uncovered: Issue.record("no path admits")
        }
      }
    }
  }

  @Test func theGoldensAreThere() { #expect(GuardCase.file.guards.count > 30) }

  @Test func findsSources() throws {
    let rows: [(String, String, String)] = [
      ("L['x'].size()[1] <= 64", "x size 1", "q <= 64"),
      ("L['batch']['ids'][0].size()[2] > 1", "batch.ids.0 size 2", "q > 1"),
      ("L['args'][12].stride()[0] == 4", "args.12 stride 0", "Eq(q, 4)"),
      ("L['p'].u.size()[0] < 10", "p.u size 0", "q < 10"), ("L['k'] != 1", "k", "Ne(q, 1)"),
      ("L['x'].storage_offset() == 0", "x storage_offset", "Eq(q, 0)"),
      ("3*L[\"k\"] >= 2 or not (L['k'] == 7)", "k", "Ne(q, 7) | (3*q >= 2)"),
    ]
    for (code, source, text) in rows {
      let shapes = ShapeEnv()
      let q = shapes.arena.symbol("q")
      var found: [String] = []
      let reader = GuardReader { path, property, index in
        found.append(
          [path.dotted, property?.rawValue, index.map { "\($0)" }].compactMap { $0 }.joined(separator: " "))
        return q
      }
      let condition = try reader.condition(code, in: shapes)
      #expect(Set(found) == [source])
      #expect(shapes.text(raw: condition) == text)
    }
  }

  @Test(arguments: [
    "L['x'].size()[0]", "L['x'].numel() > 3", "L['x'].size() > 3", "L['x'.size()[0] > 3",
    "L[x].size()[0] > 3",
    "len(L['x']) == 3", "__import__('os').system('true') == 0", "L['z'].size()[0] == 1",
    "L['x'].size()[-1] > 2",
    "___check_type_id(L['x'], 94)", "L['x'].size()[0] == 'a'", "(lambda: 1)() == 1", "L", "L[", "L['", "",
    "True +",
  ])
  func refusesOtherTexts(_ code: String) {
    let shapes = ShapeEnv()
    let q = shapes.arena.symbol("q")
    let reader = GuardReader { path, _, _ in path.dotted == "x" ? q : nil }
    #expect(throws: GuardReader.Failure.self) { try reader.condition(code, in: shapes) }
  }

  @Test func survivesEveryTruncationAndBitFlip() {
    let code = "(L['b']['l'][0].size()[0] // 2) != (-7) + max(L['x'].stride()[1], 3) and not (L['k'] > 1.5)"
    let shapes = ShapeEnv()
    let q = shapes.arena.symbol("q")
    let reader = GuardReader { _, _, _ in q }
    let bytes = Array(code.utf8)
    for length in 0..<bytes.count {
      _ = try? reader.condition(String(decoding: bytes[..<length], as: UTF8.self), in: shapes)
    }
    for position in bytes.indices {
      for bit in 0..<8 {
        var flipped = bytes
        flipped[position] ^= 1 << bit
        _ = try? reader.condition(String(decoding: flipped, as: UTF8.self), in: shapes)
      }
    }
  }
}
