import TestSupport
import Testing

@testable import SizeAdmission

@Suite struct SweepTests {
  /// A sweep gives the answers of single checks, one after the other.
  @Test func agreesWithSingleQuestions() throws {
    let checker = try checker("misc_dim_auto_derived_213")
    let sweep = try sweep(checker, "x=0..12x3", "y=0..25x2..3")
    let result = sweep.run()
    let names = sweep.swept.map { sweep.check.parameters[$0].description }
    #expect(names == ["x.size()[0]", "y.size()[0]", "y.size()[1]"])
    let check = checker.admissionCheck(inputs: [0, 1])
    var expected: Set<[Int]> = []
    for x in 0...12 {
      for y in 0...25 {
        for z in 2...3 where check.check([x, 3, y, z]) == .admitted { expected.insert([x, y, z]) }
      }
    }
    #expect(result.assignments == 13 * 26 * 2)
    #expect(result.accepted == expected.count)
    #expect(Set(result.sizes.assignments) == expected)
    #expect(
      result.refusals.reduce(result.accepted) { $0 + $1.count } + result.undecided == result.assignments)
  }

  @Test func reportsDerivedSizes() throws {
    let checker = try checker("misc_dim_auto_derived_213")
    let result = try sweep(checker, "x=2..20x3", "y=1..40x3").run()
    #expect(
      result.sizes.lines(names: ["x", "y"]) == ["x  2 … 20   with  y  = 2*x"])
  }

  @Test func stopsAtTheLimit() throws {
    let checker = try checker("misc_dim_auto_derived_213")
    let error = #expect(throws: SizeError.self) { try sweep(checker, "x=1..20000x3", "y=1..20000x3") }
    #expect(error == .tooManyAssignments(count: "400000000 or more", limit: SizeSweep.assignmentLimit))
    #expect(throws: SizeError.self) { try sweep(checker, "x=0..9223372036854775807x0..9223372036854775807") }
  }

  /// The list of accepted assignments does not grow with the sweep without end.
  ///
  /// `y` must be twice `x`: each of the 19 values of `x` leaves one `y`, and the two are a progression each.
  @Test(arguments: [(0, 19), (1, 18), (8, 15), (38, 0), (1_000, 0)]) func listsEnd(
    _ limit: Int, _ unlisted: Int
  ) throws {
    let checker = try checker("misc_dim_auto_derived_213")
    let request = try SizeRequest(["x=2..20x3", "y=1..40x3"].map { try SizePattern($0) }, checker.rules)
    let result = try SizeSweep(request, checker, listLimit: limit).run()
    #expect(result.accepted == 19)
    #expect(result.unlisted == unlisted)
    #expect(result.sizes.count == 19 - unlisted)
  }

  /// The largest steps do not overflow.
  @Test func largeStepsEnd() throws {
    let checker = try checker("misc_dim_auto_derived_213")
    let result = try sweep(checker, "x=0..9223372036854775807/4611686018427387904x3").run()
    #expect(result.assignments == 2)
  }

  @Test func describesPatterns() {
    func set(_ values: some Sequence<Int>) -> String {
      var set = IntegerSet()
      for value in values { set.append(value) }
      #expect(set.count == Array(values).count)
      return set.description
    }
    #expect(set([5]) == "5")
    #expect(set(1...64) == "1 … 64")
    #expect(set(stride(from: 4, through: 64, by: 4)) == "4, 8 … 64")
    #expect(set([2, 3, 4, 9, 10, 11, 12]) == "2 … 4, 9 … 12")
    #expect(set((0...40).filter { $0 % 4 < 2 }) == "0 … 40 with remainder 0, 1 mod 4")
    #expect(
      set([1, 5, 6, 8, 20, 21, 50, 53, 54, 56, 90, 97, 99, 120, 130, 137, 200, 201, 210]).contains(
        "(19 values)"))
  }

  private func sweep(_ checker: SizeChecker, _ texts: String...) throws -> SizeSweep {
    try SizeSweep(SizeRequest(texts.map { try SizePattern($0) }, checker.rules), checker)
  }
}

extension AcceptedSizes {
  /// Every accepted assignment.
  fileprivate var assignments: [[Int]] {
    rows.flatMap { row in
      row.values.progressions.flatMap { stride(from: $0.lower, through: $0.upper, by: $0.step) }.flatMap {
        value in
        (row.rest?.sizes.assignments ?? [[]]).map { [value] + $0 }
      }
    }
  }
}
