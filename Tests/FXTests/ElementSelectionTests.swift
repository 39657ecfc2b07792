import FX
import Foundation
import TensorVocabulary
import Testing

@Suite struct ElementSelectionTests {
  private let tuple: PyTree<Int> = .tuple([.value(10), .value(20), .value(30), .value(40)])
  private let list: PyTree<Int> = .list([.value(10), .value(20)])
  private let dict: PyTree<Int> = .dict([DictEntry("a", .value(1)), DictEntry("b", .value(2))])

  /// A slice as Python's `a[start:stop:step]` with what Python selects from `0..<count`.
  private struct SliceCase: Decodable {
    var count: Int
    var bounds: [Int?]
    var selected: [Int]

    init(from decoder: any Decoder) throws {
      var fields = try decoder.unkeyedContainer()
      count = try fields.decode(Int.self)
      bounds = [
        try fields.decodeIfPresent(Int.self), try fields.decodeIfPresent(Int.self),
        try fields.decodeIfPresent(Int.self),
      ]
      selected = try fields.decode([Int].self)
    }
  }

  @Test func slicesSelectWhatPythonSelects() throws {
    let url = try #require(Bundle.module.url(forResource: "Goldens/selection", withExtension: "json"))
    let cases = try JSONDecoder().decode([SliceCase].self, from: Data(contentsOf: url))
    #expect(cases.count == 1458)
    for example in cases {
      let key = ElementKey.slice(start: example.bounds[0], stop: example.bounds[1], step: example.bounds[2])
      guard case .elements(let positions) = try key.select(from: example.count, in: "list") else {
        Issue.record("\(key) selects one element")
        continue
      }
      #expect(Array(positions) == example.selected, "\(key) of \(example.count)")
    }
  }

  @Test func extremeBoundsAreClamped() throws {
    let all = ElementKey.slice(start: .min, stop: .max, step: nil)
    let last = ElementKey.slice(start: .max, stop: .min, step: .min)
    let first = ElementKey.slice(start: nil, stop: nil, step: .max)
    func selected(_ key: ElementKey) throws -> [Int]? {
      guard case .elements(let positions) = try key.select(from: 3, in: "list") else { return nil }
      return Array(positions)
    }
    #expect(try selected(all) == [0, 1, 2])
    #expect(try selected(last) == [2])
    #expect(try selected(first) == [0])
  }

  @Test func indicesSelectOneElement() throws {
    #expect(try tuple[.constant(0)] == .value(10))
    #expect(try tuple[.constant(-4)] == .value(10))
    #expect(try tuple[.constant(true)] == .value(20))
    #expect(try tuple[.constant(false)] == .value(10))
    #expect(try PyTree<Int>.namedTuple(type: "P", [Named("x", .value(7))])[.constant(-1)] == .value(7))
  }

  @Test func slicesKeepTheContainer() throws {
    let key: PyTree<Int> = .slice([.constant(.none), .constant(true), .constant(.none)])
    #expect(try tuple[key] == .tuple([.value(10)]))
    #expect(try list[key] == .list([.value(10)]))
    #expect(try PyTree<Int>.namedTuple(type: "P", [Named("x", .value(7))])[key] == .tuple([.value(7)]))
    #expect(try list[.constant(.slice(.init(.none, .none, -1)))] == .list([.value(20), .value(10)]))
  }

  @Test func stringsAndRangesHaveElements() throws {
    let text: PyTree<Int> = .constant("aé😀d")
    #expect(try text[.constant(2)] == .constant("😀"))
    #expect(try text[.constant(.slice(.init(.none, .none, -2)))] == .constant("dé"))
    let range: PyTree<Int> = .constant(.range(.init(2, 20, 3)))
    #expect(try range[.constant(-4)] == .constant(8))
    #expect(try range[.constant(.slice(.init(1, 3)))] == .constant(.range(.init(5, 11, 3))))
    #expect(try range[.constant(.slice(.init(3, 0, -2)))] == .constant(.range(.init(11, 2, -6))))
    #expect(try range[.constant(.slice(.init(.none, .none, -1)))] == .constant(.range(.init(17, -1, -3))))
    #expect(try PyTree<Int>.constant(.range(.init(.max, .min, .min)))[.constant(1)] == .constant(-1))
    let wide: PyTree<Int> = .constant(.range(.init(.min, .max)))
    #expect(throws: SelectionError(.tooLarge, in: "range")) { try wide[.constant(0)] }
  }

  @Test func dictionariesAreAskedByName() throws {
    #expect(try dict[.constant("b")] == .value(2))
    #expect(try PyTree<Int>.constant(.dict([DictEntry("k", 3)]))[.constant("k")] == .constant(3))
  }

  @Test(
    arguments: [
      (4, "tuple index out of range"), (-5, "tuple index out of range"),
      (2.0, "tuple indices must be integers or slices, not float"),
      (.none, "tuple indices must be integers or slices, not NoneType"),
      ("a", "tuple indices must be integers or slices, not str"),
      (.tuple([1]), "tuple indices must be integers or slices, not tuple"),
      (.range(.init(0, 3)), "tuple indices must be integers or slices, not range"),
      (.complex(0, 1), "tuple indices must be integers or slices, not complex"),
      (.slice(.init(.none, .none, 0)), "slice step cannot be zero"),
      (.slice(.init(1.0, 2)), "slice indices must be integers or None"),
      (.slice(.init("a", .none)), "slice indices must be integers or None"),
    ] as [(Node.Argument, String)])
  func errorsOfTuplesHavePythonsWords(_ key: Node.Argument, _ words: String) {
    let error = #expect(throws: SelectionError.self) { try tuple[.constant(key)] }
    #expect(error?.description.hasPrefix(words) == true, "\(error?.description ?? "")")
  }

  @Test func errorsOfOtherContainers() {
    func expect(_ kind: SelectionError.Kind, _ container: String, _ tree: PyTree<Int>, _ key: Node.Argument) {
      #expect(throws: SelectionError(kind, in: container)) { try tree[.constant(key)] }
    }
    expect(.indexOutOfRange(2, count: 2), "list", list, 2)
    expect(.noSuchKey("'c'"), "dict", dict, "c")
    expect(.noSuchKey("1"), "dict", dict, 1)
    expect(.noSuchKey("1"), "dict", dict, true)
    expect(.unhashableKey(type: "slice"), "dict", dict, .slice(.init(.none, .none)))
    expect(.unhashableKey(type: "list"), "dict", dict, .list([1]))
    expect(.notSubscriptable, "int", .constant(5), 0)
    expect(.notSubscriptable, "NoneType", .constant(.none), 0)
    expect(.notSubscriptable, "value", .value(1), 0)
    expect(.unsupportedKey(type: "str"), "tuple", .namedTuple(type: "P", [Named("x", .value(7))]), "x")
  }
}
