namespace Shortline.Gateway;

/// <summary>
/// A request between its arrival and its answer. The objects are used again: <see cref="Generation"/> tells one use from the next, so
/// that an answer that comes late finds nothing.
/// </summary>
/// <remarks>Owned by the <see cref="RequestTable"/>; touched only under the dispatcher's lock.</remarks>
internal sealed class PendingRequest(int index)
{
    /// <summary>Buffers above this are rented for one request, not kept with the slot.</summary>
    private const int KeptBuffer = 2048;

    private byte[] _bytes = new byte[256];
    private bool _rented;
    private int _idAt;

    public int Index => index;

    public uint Generation { get; private set; }

    public bool InUse { get; private set; }

    /// <summary>The entry in the dedupe index, to find it without a look-up when the answer comes.</summary>
    public int IndexEntry { get; set; }

    public PeerAddress Peer { get; set; }

    public bool HasClientId { get; private set; }

    public long ClientId { get; private set; }

    public bool Idempotent { get; private set; }

    public int IdLength { get; private set; }

    public int OperationLength { get; private set; }

    public int PayloadLength { get; private set; }

    public long ReceivedAt { get; private set; }

    public long DeadlineAt { get; private set; }

    /// <summary>The server that has it, or null while it has none.</summary>
    public ServerLink? Server { get; set; }

    /// <summary>When it was given to that server.</summary>
    public long SentAt { get; set; }

    /// <summary>What that server was thought to have then.</summary>
    public int LoadWhenSent { get; set; }

    /// <summary>How often it was given to a server.</summary>
    public byte Attempts { get; set; }

    /// <summary>
    /// Servers it was offered to, without those that gave it back for a reason of their own: they were leaving, or had shorter lines beside them. Bounded by
    /// <see cref="LoadBalancerSettings.Attempts"/>.
    /// </summary>
    public int Offers { get; set; }

    /// <summary>Whether it left for its present server: from then on it may have run.</summary>
    public bool HandedOver { get; set; }

    /// <summary>Servers that had it before, a bit for each <see cref="ServerLink.Ordinal"/> modulo 64.</summary>
    public ulong Tried { get; set; }

    /// <summary>What the request belongs to, for algorithms that keep clients at a server: the client, or its machine if it does not say who it is.</summary>
    public ulong AffinityKey => HasClientId ? (ulong)ClientId : Peer.MachineHash;

    /// <summary>What names the request in the dedupe index; ends with the id.</summary>
    public ReadOnlySpan<byte> Key => _bytes.AsSpan(0, _idAt + IdLength);

    /// <summary>The id as it came: a raw JSON token.</summary>
    public ReadOnlySpan<byte> Id => _bytes.AsSpan(_idAt, IdLength);

    /// <summary>Id, operation and payload, one behind the other.</summary>
    public ReadOnlySpan<byte> Body => _bytes.AsSpan(_idAt, IdLength + OperationLength + PayloadLength);

    /// <summary>Names this use of the slot and this attempt: 32 bits of generation, 8 of attempt, 24 of index.</summary>
    public long Ticket => ((long)Generation << 32) | ((long)Attempts << 24) | (uint)index;

    public static int IndexOf(long ticket) => (int)(ticket & 0xFF_FFFF);

    public static byte AttemptOf(long ticket) => (byte)(ticket >> 24);

    public static uint GenerationOf(long ticket) => (uint)(ticket >> 32);

    public void Begin(in RequestView request, ReadOnlySpan<byte> key, in PeerAddress peer, long now, long deadline)
    {
        var length = key.Length + request.Operation.Length + request.Payload.Length;
        if (length > _bytes.Length)
        {
            Grow(length);
        }

        key.CopyTo(_bytes);
        request.Operation.CopyTo(_bytes.AsSpan(key.Length));
        request.Payload.CopyTo(_bytes.AsSpan(key.Length + request.Operation.Length));
        _idAt = key.Length - request.Id.Length;
        IdLength = request.Id.Length;
        OperationLength = request.Operation.Length;
        PayloadLength = request.Payload.Length;
        HasClientId = request.HasClientId;
        ClientId = request.ClientId;
        Idempotent = request.Idempotent;
        Peer = peer;
        ReceivedAt = now;
        DeadlineAt = deadline;
        Server = null;
        Attempts = 0;
        Offers = 0;
        HandedOver = false;
        Tried = 0;
        InUse = true;
    }

    public void End()
    {
        InUse = false;
        Generation++;
        Server = null;
        if (_rented)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = new byte[256];
            _rented = false;
        }
    }

    private void Grow(int length)
    {
        if (_rented)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _rented = length > KeptBuffer;
        _bytes = _rented ? ArrayPool<byte>.Shared.Rent(length) : new byte[KeptBuffer];
    }
}
