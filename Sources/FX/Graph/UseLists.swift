/// The users and the inputs of each node, each pair stored once.
///
/// Each pair is one record, linked into two lists: the list of all users of the definition, and the list of all inputs
/// of the user. A node's uses are added together, so a pair can only repeat at the end of the definition's list, and
/// adding is O(1).
///
///     %a ──users──▶ (a,c) ──▶ (a,d)            %d ──inputs──▶ (a,d) ──▶ (b,d)
struct UseLists: Sendable {
  private struct Use {
    var definition: UInt32
    var user: UInt32
    var nextUser: UInt32
    var previousUser: UInt32
    var nextInput: UInt32
  }

  private struct Ends {
    var firstUser = UseLists.none
    var lastUser = UseLists.none
    var userCount: UInt32 = 0
    var firstInput = UseLists.none
    var lastInput = UseLists.none
  }

  private static let none = UInt32.max

  private var uses: ContiguousArray<Use> = []
  private var ends: ContiguousArray<Ends> = []
  private var firstFree = UseLists.none

  mutating func reserveCapacity(_ nodes: Int) {
    ends.reserveCapacity(nodes)
    uses.reserveCapacity(nodes * 2)
  }

  /// Adds empty lists for the node with the next number.
  mutating func appendNode() { ends.append(Ends()) }

  /// Records that `user` uses `definition`; does nothing if that was recorded since `user` was last cleared.
  mutating func add(_ definition: Node, usedBy user: Node) {
    let last = ends[Int(definition.index)].lastUser
    if last != Self.none, uses[Int(last)].user == user.index { return }
    let use = Use(
      definition: definition.index, user: user.index, nextUser: Self.none, previousUser: last,
      nextInput: Self.none)
    let index: UInt32
    if firstFree == Self.none {
      index = UInt32(uses.count)
      uses.append(use)
    } else {
      index = firstFree
      firstFree = uses[Int(index)].nextInput
      uses[Int(index)] = use
    }
    if last == Self.none {
      ends[Int(definition.index)].firstUser = index
    } else {
      uses[Int(last)].nextUser = index
    }
    ends[Int(definition.index)].lastUser = index
    ends[Int(definition.index)].userCount += 1
    let lastInput = ends[Int(user.index)].lastInput
    if lastInput == Self.none {
      ends[Int(user.index)].firstInput = index
    } else {
      uses[Int(lastInput)].nextInput = index
    }
    ends[Int(user.index)].lastInput = index
  }

  /// Removes all uses by `user`.
  mutating func removeInputs(of user: Node) {
    var index = ends[Int(user.index)].firstInput
    while index != Self.none {
      let use = uses[Int(index)]
      unlinkUser(use)
      uses[Int(index)].nextInput = firstFree
      firstFree = index
      index = use.nextInput
    }
    ends[Int(user.index)].firstInput = Self.none
    ends[Int(user.index)].lastInput = Self.none
  }

  private mutating func unlinkUser(_ use: Use) {
    let definition = Int(use.definition)
    if use.previousUser == Self.none {
      ends[definition].firstUser = use.nextUser
    } else {
      uses[Int(use.previousUser)].nextUser = use.nextUser
    }
    if use.nextUser == Self.none {
      ends[definition].lastUser = use.previousUser
    } else {
      uses[Int(use.nextUser)].previousUser = use.previousUser
    }
    ends[definition].userCount -= 1
  }

  func userCount(at definition: Int) -> Int { Int(ends[definition].userCount) }

  /// Calls `body` with the number of each user.
  func forEachUser(at definition: Int, _ body: (UInt32) -> Void) {
    var index = ends[definition].firstUser
    while index != Self.none {
      body(uses[Int(index)].user)
      index = uses[Int(index)].nextUser
    }
  }

  /// Calls `body` with the number of each input.
  func forEachInput(at user: Int, _ body: (UInt32) -> Void) {
    var index = ends[user].firstInput
    while index != Self.none {
      body(uses[Int(index)].definition)
      index = uses[Int(index)].nextInput
    }
  }
}
