#if canImport(Glibc)
  import Glibc
#endif

/// Large pages for the heap of this process; a program calls ``enlarge()`` when it starts.
///
/// glibc takes memory from the system 132 KB at a time, and each page of 4 KB faults on first access. That takes up to
/// a tenth of the time of a short process, and a quarter of the first run of a program of 100,000 nodes. Here the
/// addresses are reserved at once, at the start. Only what is touched becomes memory, 2 MB per fault where the system
/// has such pages. Threads of `propagate A.pt2 B.pt2 …` have their own heaps, which are unchanged.
package enum HeapPages {
  private static let pageSize = 2 << 20
  /// A little less than the largest allocation that glibc serves from its heap, 32 MB with its header.
  private static let room = 30 << 20

  /// Puts the first 60 MB allocated from now on into large pages.
  ///
  /// If that fails, nothing changes.
  package static func enlarge() {
    #if canImport(Glibc)
      // After a large allocation is freed, glibc serves allocations up to that size from the heap and keeps twice as
      // much freed memory: `M_MMAP_THRESHOLD` in mallopt(3). Advising zero bytes keeps the compiler from removing both
      // calls.
      guard let large = malloc(room + pageSize / 2) else { return }
      madvise(large, 0, MADV_NORMAL)
      free(large)
      guard let first = malloc(room) else { return }
      guard let second = malloc(room) else { return free(first) }
      // After both allocations, so that glibc's headers do not use large pages yet.
      let lead = advise(first)
      _ = advise(second)
      free(second)
      // The part before the first large page stays allocated; the rest is freed.
      _ = realloc(first, lead)
    #endif
  }

  #if canImport(Glibc)
    /// Asks for large pages in the `room` bytes from `start` on, and returns the distance to the first of them.
    private static func advise(_ start: UnsafeMutableRawPointer) -> Int {
      // Bound: `lead` is at most one large page, and only whole pages within `room` are requested.
      let lead = pageSize - Int(bitPattern: start) % pageSize
      madvise(start + lead, (room - lead) / pageSize * pageSize, MADV_HUGEPAGE)
      return lead
    }
  #endif
}
