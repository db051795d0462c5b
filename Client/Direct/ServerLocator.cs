using System.Net;
using System.Text.Json;

namespace Shortline.Client;

/// <summary>Asks gateways for servers' own endpoints, and keeps away for a while from those that were not there, if there are others. Safe for several threads.</summary>
/// <param name="ask">Asks a gateway, another one if the first does not answer.</param>
/// <param name="time">The clock.</param>
/// <param name="gateways">What asks, if it is this one's own.</param>
internal sealed class ServerLocator(SendRequest ask, TimeProvider time, IDisposable? gateways = null) : IDisposable
{
    /// <summary>Questions at once at most: one for each seat, and files.</summary>
    public const int AsksAtOnce = 64;

    /// <summary>For who takes any server, and does not stay.</summary>
    public const int NoSeat = -1;

    /// <summary>A gateway names another server each time, but it may know of the end of one later than its clients.</summary>
    private const int MaxAsks = 4;

    /// <summary>After this a gateway knows that a server has gone; and a new one may have its port.</summary>
    private static readonly TimeSpan Avoided = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<IPEndPoint, long> _avoided = [];
    private readonly Dictionary<int, IPEndPoint> _seats = [];

    /// <summary>Why no server was found, the last time that none was.</summary>
    public string? Fault { get; private set; }

    /// <summary>Asks through a client of the gateways.</summary>
    /// <param name="gateways">The client.</param>
    /// <param name="time">The clock.</param>
    /// <param name="owned">Whether it ends with the locator.</param>
    public static ServerLocator Of(ShortlineClient gateways, TimeProvider time, bool owned) => new(
        (operation, payload, timeoutMs, cancellation) => gateways.SendAsync(operation, payload, timeoutMs, cancellation: cancellation),
        time,
        owned ? gateways : null);

    /// <summary>Finds a server.</summary>
    /// <param name="seat">Whose place it is for. Another one's server is taken only if there is no other, and one that was not there last of all.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Its endpoint, or null if there is none.</returns>
    public async Task<IPEndPoint?> Locate(int seat, CancellationToken cancellation)
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
                Fault = "a gateway's answer to 'locate' is not as it should be";
                break;
            }

            var rank = Rank(seat, server);
            if (rank == Suitability.Good)
                return Take(seat, server);
            if (rank > second.Rank)
                second = (server, rank);
        }

        return second.Server is null ? null : Take(seat, second.Server);
    }

    /// <summary>A server is not there, or does not want to be.</summary>
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

    private Suitability Rank(int seat, IPEndPoint server)
    {
        lock (_lock)
        {
            if (_avoided.TryGetValue(server, out var since) && time.GetElapsedTime(since) <= Avoided)
                return Suitability.Avoided;
            return seat != NoSeat && _seats.Any(other => other.Key != seat && other.Value.Equals(server)) ? Suitability.Taken : Suitability.Good;
        }
    }

    private IPEndPoint Take(int seat, IPEndPoint server)
    {
        if (seat == NoSeat)
            return server;
        lock (_lock)
            return _seats[seat] = server;
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

    private enum Suitability
    {
        None,
        Avoided,
        Taken,
        Good,
    }
}
