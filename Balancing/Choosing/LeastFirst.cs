namespace Shortline.Balancing.Choosing;

/// <summary>
/// Servers in the order of a score, for policies that choose the least one. Servers with equal scores share a bucket, and a heap keeps the
/// buckets in order. A change costs O(log b) and a choice O(1), where b is the number of different scores: with equal servers, the number of
/// different queue lengths.
/// </summary>
/// <remarks>
/// Among equal scores, local servers come first. Among these, the choice is random in proportion to a share, so that gateways with the same
/// ranking do not all choose the same server.
/// </remarks>
internal sealed class LeastFirst
{
    private const int None = -1;

    /// <summary>
    /// Draws of a random server before one is taken whatever its share. If one server has ten times the share of many others, one choice in
    /// 40,000 needs more (0.9 to the power of 100).
    /// </summary>
    private const int Draws = 100;

    private readonly SlotTable<Entry> _entries = new();
    private readonly Dictionary<double, Bucket> _byScore = [];
    private readonly Stack<Bucket> _spare = new();
    private Bucket[] _heap = new Bucket[16];
    private int _buckets;

    /// <summary>Whether the server of a slot is present.</summary>
    public bool Has(int slot) => _entries[slot].Bucket is not null;

    /// <summary>The score of a server that is present.</summary>
    public double ScoreOf(int slot) => _entries[slot].Bucket!.Score;

    /// <summary>Adds a server, or changes its score.</summary>
    /// <param name="slot">Its slot.</param>
    /// <param name="score">Its score.</param>
    /// <param name="share">Its probability among equal scores, relative to theirs; greater than 0.</param>
    /// <param name="isLocal">Whether it comes before servers of the same score that are not local.</param>
    public void Set(int slot, double score, double share = 1, bool isLocal = false)
    {
        ref var entry = ref _entries[slot];
        (entry.Share, entry.IsLocal) = (share, isLocal);
        if (entry.Bucket is { } present)
        {
            if (present.Score == score && entry.WasLocal == isLocal)
            {
                present.MostShare = Math.Max(present.MostShare, share);
                return;
            }

            Remove(ref entry, present);
        }

        Put(ref entry, slot, BucketOf(score));
    }

    /// <summary>Removes a server, if it is present.</summary>
    public void Remove(int slot)
    {
        ref var entry = ref _entries[slot];
        if (entry.Bucket is { } bucket)
            Remove(ref entry, bucket);
    }

    /// <summary>Returns the slot of the server with the least score; -1 if there is none.</summary>
    /// <param name="random">The random source.</param>
    /// <param name="tried">Servers that must not be chosen.</param>
    public int Least(Random random, ReadOnlySpan<int> tried)
    {
        if (tried.IsEmpty)
            return Least(random);

        // Few servers were tried, and a request seldom needs a second choice. So they are taken out for the moment.
        Span<double> scores = stackalloc double[tried.Length];
        for (var i = 0; i < tried.Length; i++)
        {
            scores[i] = Has(tried[i]) ? ScoreOf(tried[i]) : double.NaN;
            Remove(tried[i]);
        }

        var least = Least(random);
        for (var i = 0; i < tried.Length; i++)
        {
            ref readonly var entry = ref _entries[tried[i]];
            if (!double.IsNaN(scores[i]))
                Set(tried[i], scores[i], entry.Share, entry.IsLocal);
        }

        return least;
    }

    private int Least(Random random)
    {
        if (_buckets == 0)
            return None;

        var bucket = _heap[0];
        ref readonly var group = ref bucket.Local.Count > 0 ? ref bucket.Local : ref bucket.Remote;
        var slot = group.Slots[group.Count == 1 ? 0 : random.Next(group.Count)];
        for (var draw = 0; draw < Draws && group.Count > 1; draw++)
        {
            // Rejection sampling: a draw counts with the probability share / largest share.
            var share = _entries[slot].Share;
            if (share >= bucket.MostShare || random.NextDouble() * bucket.MostShare < share)
                break;
            slot = group.Slots[random.Next(group.Count)];
        }

        return slot;
    }

    private Bucket BucketOf(double score)
    {
        if (_byScore.TryGetValue(score, out var bucket))
            return bucket;

        if (!_spare.TryPop(out bucket))
            bucket = new Bucket();
        (bucket.Score, bucket.MostShare) = (score, 0);
        _byScore.Add(score, bucket);
        if (_buckets == _heap.Length)
            Array.Resize(ref _heap, 2 * _buckets);
        Rise(bucket, _buckets++);
        return bucket;
    }

    private static void Put(ref Entry entry, int slot, Bucket bucket)
    {
        ref var group = ref entry.IsLocal ? ref bucket.Local : ref bucket.Remote;
        (entry.Bucket, entry.Position, entry.WasLocal) = (bucket, group.Count, entry.IsLocal);
        group.Add(slot);
        bucket.MostShare = Math.Max(bucket.MostShare, entry.Share);
    }

    private void Remove(ref Entry entry, Bucket bucket)
    {
        ref var group = ref entry.WasLocal ? ref bucket.Local : ref bucket.Remote;
        entry.Bucket = null;
        var last = group.Slots[--group.Count];
        group.Slots[entry.Position] = last;
        _entries[last].Position = entry.Position;
        if (bucket.Local.Count + bucket.Remote.Count > 0)
            return;

        _byScore.Remove(bucket.Score);
        var moved = _heap[--_buckets];
        if (moved != bucket)
            Sink(moved, Rise(moved, bucket.HeapIndex));
        _spare.Push(bucket);
    }

    /// <summary>Moves a bucket up from a place in the heap, until the one above has a smaller score.</summary>
    private int Rise(Bucket bucket, int place)
    {
        while (place > 0 && _heap[(place - 1) / 2] is var above && above.Score > bucket.Score)
        {
            Put(above, place);
            place = (place - 1) / 2;
        }

        Put(bucket, place);
        return place;
    }

    private void Sink(Bucket bucket, int place)
    {
        while ((2 * place) + 1 is var below && below < _buckets)
        {
            if (below + 1 < _buckets && _heap[below + 1].Score < _heap[below].Score)
                below++;
            if (_heap[below].Score >= bucket.Score)
                break;
            Put(_heap[below], place);
            place = below;
        }

        Put(bucket, place);
    }

    private void Put(Bucket bucket, int place) => (_heap[place], bucket.HeapIndex) = (bucket, place);

    private struct Entry
    {
        public Bucket? Bucket;
        public int Position;
        public double Share;
        public bool IsLocal;

        /// <summary>In which group of its bucket it is.</summary>
        public bool WasLocal;
    }

    private struct Group()
    {
        public int[] Slots = new int[4];
        public int Count;

        public void Add(int slot)
        {
            if (Count == Slots.Length)
                Array.Resize(ref Slots, 2 * Count);
            Slots[Count++] = slot;
        }
    }

    /// <summary>The servers of one score.</summary>
    private sealed class Bucket
    {
        public double Score;
        public double MostShare;
        public int HeapIndex;
        public Group Local = new();
        public Group Remote = new();
    }
}
