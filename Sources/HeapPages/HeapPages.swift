#if canImport(Glibc)
  import Glibc
#endif

/// Large pages for the heap of this process, for programs to call when they start.
///
/// glibc takes memory from the system 132 KB at a time, and every 4 KB of it fault when they are touched first: up to
/// a tenth of the milliseconds that a short process lives, and a quarter of the first run of a program of 100,000
/// nodes. Here it takes addresses at once, at the start, of which only what is touched becomes memory: 2 MB at a fault,
/// where the system has such pages to give. Threads of `propagate A.pt2 B.pt2 …` have heaps of their own, which stay
/// as they are.
package enum HeapPages {
  private static let pageSize = 2 << 20
  /// A little less than what glibc takes from its heap in one allocation at most, 32 MB with what it notes beside it.
  private static let room = 30 << 20

  /// Makes the first memory that is allocated from now on lie in large pages, up to 60 MB.
  ///
  /// What cannot be had leaves everything as it was.
  package static func enlarge() {
    #if canImport(Glibc)
      // When a large allocation is freed, glibc takes all up to that size from the heap from then on, and keeps twice
      // as much of what is freed: `M_MMAP_THRESHOLD` in mallopt(3). Advice about no bytes keeps the compiler from
      // leaving out both.
      guard let large = malloc(room + pageSize / 2) else { return }
      madvise(large, 0, MADV_NORMAL)
      free(large)
      guard let first = malloc(room) else { return }
      guard let second = malloc(room) else { return free(first) }
      // After both are there: where glibc has noted their lengths, no large page is needed yet.
      let lead = advise(first)
      _ = advise(second)
      free(second)
      // What lies before the first large page is never used; the rest is free again.
      _ = realloc(first, lead)
    #endif
  }

  #if canImport(Glibc)
    /// Asks for large pages in `room` bytes from `start` on, and returns how far the first of them is.
    private static func advise(_ start: UnsafeMutableRawPointer) -> Int {
      // Bound: `lead` is at most a page, and pages are asked for as far as they lie within `room`.
      let lead = pageSize - Int(bitPattern: start) % pageSize
      madvise(start + lead, (room - lead) / pageSize * pageSize, MADV_HUGEPAGE)
      return lead
    }
  #endif
}
