using System.Collections.Concurrent;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Unit.Tests.Gateway.Requests;

namespace Shortline.Unit.Tests.Gateway.HandOver;

/// <summary>Calls fake servers as a silo calls those of its own process.</summary>
internal sealed class FakeLocalServers(Func<string, FakeServer> serverOf) : ILocalServers
{
    private int _calls;

    /// <summary>The ids of servers that take grain calls only.</summary>
    public ConcurrentDictionary<string, bool> Busy { get; } = new(StringComparer.Ordinal);

    /// <summary>The calls that were made.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Where the last call wants its later responses.</summary>
    public IGatewayObserver? ReplyTo { get; private set; }

    public bool TrySubmit(
        string pool, string id, in RequestBatch batch, IGatewayObserver replyTo, ReceiptMemory memory, out BatchReceipt receipt)
    {
        receipt = default;
        if (Busy.ContainsKey(id))
            return false;

        Interlocked.Increment(ref _calls);
        ReplyTo = replyTo;
        var given = serverOf(id).Submit(batch, replyTo).AsTask().GetAwaiter().GetResult();
        var (responses, bytes) = memory.Copy(given.Done.Responses.Span, given.Done.Bytes.Span);
        receipt = given with { Done = given.Done with { Responses = responses, Bytes = bytes } };
        return true;
    }
}
