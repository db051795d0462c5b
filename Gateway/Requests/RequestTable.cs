using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Shortline.Protocol.Requests;

namespace Shortline.Gateway.Requests;

/// <summary>
/// The requests in flight, and the latest answers. A repeat of a request in flight is joined to it; a repeat of an answered request gets
/// the same answer. The table is bounded and allocates nothing per request.
/// </summary>
/// <remarks>Protected by the lock of its <see cref="RequestShard"/>.</remarks>
internal sealed class RequestTable
{
    private const int None = -1;

    /// <summary>The bytes of memory per kept answer, on average. Larger answers displace more of the older ones.</summary>
    private const int BytesPerAnswer = 256;

    private readonly int _shard;
    private readonly int _shardBits;
    private readonly int _inFlightLimit;
    private readonly int _answerLimit;
    private readonly long _answerWindow;
    private readonly List<PendingRequest> _slots = [];
    private readonly Stack<PendingRequest> _free = new();
    private readonly MemoryBudget _memory;
    private readonly AnswerMemory _answers;
    private readonly int[] _buckets;
    private readonly Entry[] _entries;
    private readonly Queue<int> _answered;
    private int _freeEntry = None;
    private int _usedEntries;
    private long _taken;
    private bool _isReleased;

    /// <summary>Creates a table.</summary>
    /// <param name="inFlightLimit">The maximum number of requests in flight.</param>
    /// <param name="answerLimit">The maximum number of answers that are kept.</param>
    /// <param name="answerWindow">How long they are kept, in ticks.</param>
    /// <param name="shard">The number of its shard, which is part of every ticket.</param>
    /// <param name="shards">The number of shards, a power of two.</param>
    /// <param name="memory">The memory that long requests and kept answers may take; null for any.</param>
    public RequestTable(int inFlightLimit, int answerLimit, long answerWindow, int shard = 0, int shards = 1, MemoryBudget? memory = null)
    {
        _memory = memory ?? new MemoryBudget(long.MaxValue);
        _shard = shard;
        _shardBits = BitOperations.Log2((uint)shards);
        _inFlightLimit = inFlightLimit;
        _answerLimit = answerWindow > 0 ? answerLimit : 0;
        _answerWindow = answerWindow;
        _answers = new AnswerMemory(TakeForAnswers(shards));
        _answered = new Queue<int>(Math.Min(_answerLimit + 1, 1024));
        _entries = new Entry[_inFlightLimit + _answerLimit + 1];
        _buckets = new int[BitOperations.RoundUpToPowerOf2((uint)_entries.Length)];
        _buckets.AsSpan().Fill(None);
    }

    /// <summary>The number of requests in flight.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the limit of requests in flight is reached.</summary>
    public bool IsFull => Count >= _inFlightLimit;

    /// <summary>Whether an answer of any size is kept for repeats until others displace it. Otherwise large ones are not kept.</summary>
    public bool KeepsEveryAnswer => _answers.MaxEntry >= RequestKey.MaxLength + RequestParser.MaxDatagram;

    /// <summary>The number of answers kept for repeats.</summary>
    public int AnswersKept => _answered.Count;

    /// <summary>Finds the request with a key.</summary>
    /// <param name="pending">The request, if it is in flight.</param>
    /// <param name="answer">Its answer, if it was answered recently.</param>
    /// <returns>Whether the request is known.</returns>
    public bool TryFind(ReadOnlySpan<byte> key, int hash, out PendingRequest? pending, out ReadOnlySpan<byte> answer)
    {
        for (var i = _buckets[hash & (_buckets.Length - 1)]; i != None; i = _entries[i].Next)
        {
            ref var entry = ref _entries[i];
            if (entry.Hash != hash)
            {
                continue;
            }

            if (entry.Slot != None)
            {
                if (_slots[entry.Slot].Key.SequenceEqual(key))
                {
                    pending = _slots[entry.Slot];
                    answer = default;
                    return true;
                }
            }
            else if (entry.KeyLength == key.Length && _answers.Holds(entry.AnswerAt) && _answers.Read(entry.AnswerAt, 0, entry.KeyLength).SequenceEqual(key))
            {
                pending = null;
                answer = _answers.Read(entry.AnswerAt, entry.KeyLength, entry.AnswerLength);
                return true;
            }
        }

        pending = null;
        answer = default;
        return false;
    }

    /// <summary>Adds a request that is not known yet.</summary>
    /// <returns>Its slot, or null if the limit of requests in flight or of their memory is reached.</returns>
    public PendingRequest? Begin(in RequestView request, ReadOnlySpan<byte> key, int hash, in Recipient recipient, long now, long deadline)
    {
        var memory = PendingRequest.MemoryOf(key, request);
        if (IsFull || (memory > 0 && !TryTake(memory)))
        {
            return null;
        }

        if (!_free.TryPop(out var slot))
        {
            slot = new PendingRequest((_slots.Count << _shardBits) | _shard);
            _slots.Add(slot);
        }

        Count++;
        slot.Begin(request, key, recipient, now, deadline);
        slot.Taken = memory;
        slot.IndexEntry = Insert(hash, slot.Index >> _shardBits);
        return slot;
    }

    /// <summary>Finds the request of a ticket. The ticket may be from any attempt.</summary>
    public bool TryGet(long ticket, [NotNullWhen(true)] out PendingRequest? pending)
    {
        var index = PendingRequest.IndexOf(ticket) >> _shardBits;
        pending = index < _slots.Count ? _slots[index] : null;
        return pending is { InUse: true } && pending.Generation == PendingRequest.GenerationOf(ticket);
    }

    /// <summary>Removes a request and keeps its answer for repeats.</summary>
    public void End(PendingRequest pending, ReadOnlySpan<byte> answer, long now)
    {
        ForgetOldAnswers(now);
        ref var entry = ref _entries[pending.IndexEntry];
        var at = _answerLimit > 0 ? _answers.Keep(pending.Key, answer) : None;
        if (at >= 0)
        {
            entry.Slot = None;
            entry.AnswerAt = at;
            entry.KeyLength = pending.Key.Length;
            entry.AnswerLength = answer.Length;
            entry.AnsweredAt = now;
            _answered.Enqueue(pending.IndexEntry);
        }
        else
        {
            Delete(pending.IndexEntry);
        }

        Free(pending);
    }

    /// <summary>Removes a request without keeping its answer, so that a repeat is a new request.</summary>
    public void EndUnanswered(PendingRequest pending)
    {
        Delete(pending.IndexEntry);
        Free(pending);
    }

    /// <summary>Gives all its memory back: the table is not used any more, but for responses that come late.</summary>
    public void ReleaseMemory()
    {
        if (_isReleased)
            return;
        _isReleased = true;
        _memory.Give(_taken);
    }

    /// <summary>Removes answers that are older than the window, over the limit or overwritten.</summary>
    public void ForgetOldAnswers(long now)
    {
        while (_answered.TryPeek(out var oldest))
        {
            ref var entry = ref _entries[oldest];
            if (_answered.Count < _answerLimit && now - entry.AnsweredAt < _answerWindow && _answers.Holds(entry.AnswerAt))
            {
                return;
            }

            _answered.Dequeue();
            Delete(oldest);
        }
    }

    private void Free(PendingRequest pending)
    {
        if (pending.Taken > 0 && !_isReleased)
        {
            _memory.Give(pending.Taken);
            _taken -= pending.Taken;
        }

        pending.End();
        _free.Push(pending);
        Count--;
    }

    private bool TryTake(long bytes)
    {
        if (_isReleased || !_memory.TryTake(bytes))
            return false;
        _taken += bytes;
        return true;
    }

    /// <summary>Takes memory for kept answers: at most a quarter of all, because requests are more important.</summary>
    /// <returns>The number of bytes; 0 if there are not enough.</returns>
    private int TakeForAnswers(int shards)
    {
        var bytes = (int)Math.Min(Math.Min((long)_answerLimit * BytesPerAnswer, 1 << 30), _memory.Limit / 4 / shards);
        return TryTake(bytes) ? bytes : 0;
    }

    private int Insert(int hash, int slot)
    {
        int index;
        if (_freeEntry != None)
        {
            index = _freeEntry;
            _freeEntry = _entries[index].Next;
        }
        else
        {
            index = _usedEntries++;
        }

        ref var bucket = ref _buckets[hash & (_buckets.Length - 1)];
        _entries[index] = new Entry { Hash = hash, Next = bucket, Slot = slot };
        bucket = index;
        return index;
    }

    private void Delete(int index)
    {
        ref var link = ref _buckets[_entries[index].Hash & (_buckets.Length - 1)];
        while (link != index)
        {
            link = ref _entries[link].Next;
        }

        link = _entries[index].Next;
        _entries[index].Next = _freeEntry;
        _freeEntry = index;
    }

    private struct Entry
    {
        public int Hash;
        public int Next;
        public int Slot;
        public int KeyLength;
        public int AnswerLength;
        public long AnswerAt;
        public long AnsweredAt;
    }
}
