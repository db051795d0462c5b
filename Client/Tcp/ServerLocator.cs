using System.Net;
using System.Text.Json;

namespace Shortline.Client.Tcp;

/// <summary>
/// Asks gateways for the endpoints of servers. For a while it avoids servers that could not be reached, if there are others. Thread-safe.
/// </summary>
/// <param name="ask">Sends a request to a gateway, or to another one if the first does not answer.</param>
/// <param name="time">The clock.</param>
/// <param name="gateways">The client that <paramref name="ask"/> uses, if this locator owns it.</param>
internal sealed class ServerLocator(SendRequest ask, TimeProvider time, IDisposable? gateways = null) : IDisposable
{
    /// <summary>Questions in flight at most: one for each slot, and those of file downloads.</summary>
    public const int AsksAtOnce = 64;

    /// <summary>The slot of a caller that takes any server and does not keep it.</summary>
    public const int NoSlot = -1;

    /// <summary>A gateway names another server each time, but it may learn later than its clients that a server has ended.</summary>
    private const int MaxAsks = 4;

    /// <summary>By then a gateway knows that a server has ended, and a new server may have its port.</summary>
    private static readonly TimeSpan Avoided = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<IPEndPoint, long> _avoided = [];
    private readonly Dictionary<int, IPEndPoint> _slots = [];

    /// <summary>Why the last search found no server.</summary>
    public string? Fault { get; private set; }

    /// <summary>Creates a locator that asks through a client of the gateways.</summary>
    /// <param name="gateways">The client.</param>
    /// <param name="time">The clock.</param>
    /// <param name="owned">Whether the locator disposes the client.</param>
    public static ServerLocator Of(ShortlineClient gateways, TimeProvider time, bool owned) =>
        new(gateways.SendUnthrottledAsync, time, owned ? gateways : null);

    /// <summary>Finds a server.</summary>
    /// <param name="slot">
    /// The slot that wants the server. The server of another slot is taken only if there is no other one, an avoided server only as a last
    /// resort.
    /// </param>
    /// <param name="cancellation">Cancels the search.</param>
    /// <returns>The server's endpoint, or null if there is none.</returns>
    public async Task<IPEndPoint?> Locate(int slot, CancellationToken cancellation)
    {
        var second = (Server: default(IPEndPoint), Rank: Suitability.None);
        for (var asked = 0; asked < MaxAsks; asked++)
        {
            var reply = await ask("locate", [], 0, cancellation);
            if (!reply.IsOk)
            {
                Fault = reply.Error;
                break;
            }

            if (Read(reply.Result) is not { } server)
            {
                Fault = "a gateway's answer to 'locate' is malformed";
                break;
            }

            var rank = Rank(slot, server);
            if (rank == Suitability.Good)
                return Take(slot, server);
            if (rank > second.Rank)
                second = (server, rank);
        }

        return second.Server is null ? null : Take(slot, second.Server);
    }

    /// <summary>Avoids a server that cannot be reached or is draining.</summary>
    public void Avoid(IPEndPoint server)
    {
        lock (_lock)
        {
            foreach (var (other, since) in _avoided)
            {
                if (time.GetElapsedTime(since) > Avoided)
                    _avoided.Remove(other);
            }

            _avoided[server] = time.GetTimestamp();
        }
    }

    public void Dispose() => gateways?.Dispose();

    private Suitability Rank(int slot, IPEndPoint server)
    {
        lock (_lock)
        {
            if (_avoided.TryGetValue(server, out var since) && time.GetElapsedTime(since) <= Avoided)
                return Suitability.Avoided;
            return slot != NoSlot && _slots.Any(other => other.Key != slot && other.Value.Equals(server)) ? Suitability.Taken : Suitability.Good;
        }
    }

    private IPEndPoint Take(int slot, IPEndPoint server)
    {
        if (slot == NoSlot)
            return server;
        lock (_lock)
            return _slots[slot] = server;
    }

    private static IPEndPoint? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement is { ValueKind: JsonValueKind.Array } array && array.GetArrayLength() == 2
                && IPAddress.TryParse(array[0].GetString(), out var address) && array[1].TryGetUInt16(out var port) && port > 0
                ? new IPEndPoint(address, port)
                : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>How well a server suits a slot, worst first.</summary>
    private enum Suitability
    {
        None,
        Avoided,
        Taken,
        Good,
    }
}
