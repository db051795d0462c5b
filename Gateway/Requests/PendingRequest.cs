using System.Numerics;
using Shortline.Gateway.Destinations;
using Shortline.Gateway.HandOver;
using Shortline.Gateway.Udp;
using Shortline.Hosting.Settings.Sections;
using Shortline.Protocol.Requests;

namespace Shortline.Gateway.Requests;

/// <summary>
/// A request from its arrival to its answer. The objects are reused. <see cref="Generation"/> distinguishes the uses, so that a late
/// response does not match a later request.
/// </summary>
/// <remarks>
/// Owned by a <see cref="RequestShard"/> and protected by its lock. What depends on the server that has the request is written only while the
/// fleet's lock is held too, so that either lock is enough to read it; the links at the server and the place in a batch belong to the fleet alone.
/// </remarks>
internal sealed class PendingRequest(int index)
{
    /// <summary>Larger buffers are rented for one request and not kept with the slot.</summary>
    private const int KeptBuffer = 2048;

    private byte[] _bytes = new byte[256];
    private TriedServers _tried;
    private bool _rented;
    private int _idAt;

    /// <summary>Its number among the requests of all shards. The low bits are the shard.</summary>
    public int Index => index;

    public uint Generation { get; private set; }

    /// <summary>The bytes that it has taken from the <see cref="MemoryBudget"/>.</summary>
    public long Taken { get; set; }

    public bool InUse { get; private set; }

    /// <summary>The position in the dedupe index, so that the answer needs no look-up.</summary>
    public int IndexEntry { get; set; }

    /// <summary>Where the answer goes, and how large it may be.</summary>
    public Recipient Recipient { get; set; }

    public PeerAddress Peer => Recipient.Peer;

    public bool HasClientId { get; private set; }

    public long ClientId { get; private set; }

    public bool Idempotent { get; private set; }

    /// <summary>How important it is compared with others, 0 to 9.</summary>
    public int Priority { get; private set; }

    public int IdLength { get; private set; }

    public int OperationLength { get; private set; }

    public int PayloadLength { get; private set; }

    public long ReceivedAt { get; private set; }

    /// <summary>The time at which the request is answered at the latest. The same until its answer.</summary>
    public long DeadlineAt { get; private set; }

    /// <summary>The server that has the request, or null if none has.</summary>
    public Destination? Server { get; set; }

    /// <summary>When the request was assigned to that server.</summary>
    public long SentAt { get; set; }

    /// <summary>The estimated load of that server at that time.</summary>
    public int LoadWhenSent { get; set; }

    /// <summary>How often the request was assigned to a server.</summary>
    public byte Attempts { get; set; }

    /// <summary>
    /// Like <see cref="Attempts"/>, without the servers that returned the request because they drain or because others have shorter
    /// queues. Limited by <see cref="LoadBalancerSettings.Attempts"/>.
    /// </summary>
    public int CountedAttempts { get; set; }

    /// <summary>
    /// The number of requests at its present server from which on that server is to return it; <see cref="int.MaxValue"/> if it is to keep it.
    /// </summary>
    public int MostLoad { get; set; }

    /// <summary>Whether a server has returned it because others have shorter queues. The next one is to keep it.</summary>
    public bool WasReturned { get; set; }

    /// <summary>The batch in which the request waits for a call to its server; null once it has left.</summary>
    public BatchBuffer? WaitsIn { get; set; }

    /// <summary>Its index in that batch.</summary>
    public int BatchEntry { get; set; }

    /// <summary>The offset of its bytes in that batch.</summary>
    public int BatchOffset { get; set; }

    /// <summary>The number of the call with which the request left.</summary>
    public long Call { get; set; }

    /// <summary>Whether the request was sent to its present server. From then on it may have run.</summary>
    public bool HasLeft => Server is not null && WaitsIn is null;

    /// <summary>The request that came to the same server before this one and is still there.</summary>
    public PendingRequest? NextAtServer { get; set; }

    /// <summary>The request that came to the same server after this one and is still there.</summary>
    public PendingRequest? PreviousAtServer { get; set; }

    /// <summary>The neighbours in the <see cref="DeadlineWheel"/>.</summary>
    public PendingRequest? NextDue { get; set; }

    /// <inheritdoc cref="NextDue"/>
    public PendingRequest? PreviousDue { get; set; }

    /// <summary>The servers that had the request before.</summary>
    public ref TriedServers Tried => ref _tried;

    /// <summary>
    /// The key for policies that keep clients at one server: the client id, or the address of the client if it sends no id.
    /// </summary>
    public ulong AffinityKey => HasClientId ? (ulong)ClientId : Peer.MachineHash;

    /// <summary>The key of the request in the dedupe index; ends with the id.</summary>
    public ReadOnlySpan<byte> Key => _bytes.AsSpan(0, _idAt + IdLength);

    /// <summary>The id as a raw JSON token.</summary>
    public ReadOnlySpan<byte> Id => _bytes.AsSpan(_idAt, IdLength);

    /// <summary>Id, operation and payload, one after the other.</summary>
    public ReadOnlySpan<byte> Body => _bytes.AsSpan(_idAt, IdLength + OperationLength + PayloadLength);

    /// <summary>Identifies this use of the slot and this attempt: 32 bits of generation, 8 of attempt, 24 of index.</summary>
    public long Ticket => ((long)Generation << 32) | ((long)Attempts << 24) | (uint)index;

    /// <summary>
    /// The memory that a request takes beside its slot. It is counted twice, because its server has a copy, perhaps in the same process.
    /// </summary>
    public static long MemoryOf(ReadOnlySpan<byte> key, in RequestView request) =>
        key.Length + request.Operation.Length + request.Payload.Length is > KeptBuffer and var length
            ? 2L * BitOperations.RoundUpToPowerOf2((uint)length)
            : 0;

    public static int IndexOf(long ticket) => (int)(ticket & 0xFF_FFFF);

    public static byte AttemptOf(long ticket) => (byte)(ticket >> 24);

    public static uint GenerationOf(long ticket) => (uint)(ticket >> 32);

    public void Begin(in RequestView request, ReadOnlySpan<byte> key, in Recipient recipient, long now, long deadline)
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
        Priority = request.Priority;
        Recipient = recipient;
        ReceivedAt = now;
        DeadlineAt = deadline;
        Server = null;
        Attempts = 0;
        CountedAttempts = 0;
        WasReturned = false;
        _tried = default;
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
