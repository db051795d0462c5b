namespace Shortline.Client;

/// <summary>A client's connections: a seat for each gateway, or for each of the servers that it talks to directly.</summary>
/// <param name="dialers">What opens the connections of each seat.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Seeds the randomness of each seat.</param>
/// <param name="locator">Finds servers for clients of these gateways or servers.</param>
internal sealed class TcpTransport(IReadOnlyList<IDialer> dialers, TimeProvider time, Random random, ServerLocator? locator = null) : IClientTransport
{
    /// <summary>Answered at once by whoever is at the other end, without waiting in a queue; its short form has an answer that no request has.</summary>
    private static ReadOnlySpan<byte> AreYouThere => "{\"operation\":\"locate\"}"u8;

    private ConnectionSeat[] _seats = [];

    /// <inheritdoc/>
    public int Gateways => dialers.Count;

    /// <inheritdoc/>
    public bool HasConnections => true;

    /// <inheritdoc/>
    public int LocalPort => 0;

    /// <inheritdoc/>
    public ServerLocator? Locator => locator;

    /// <inheritdoc/>
    public void ReadFor(RequestChannel channel) =>
        _seats = [.. dialers.Select((dialer, gateway) => new ConnectionSeat(gateway, dialer, time, new Random(random.Next()), channel))];

    /// <inheritdoc/>
    public long Connection(int gateway) => _seats[gateway].Number;

    /// <inheritdoc/>
    public SendOutcome Send(int gateway, long connection, ReadOnlySpan<byte> request) => _seats[gateway].Send(connection, request);

    /// <inheritdoc/>
    public bool IsOpen(int gateway, long connection) => _seats[gateway].Find(connection) is not { IsOpen: false };

    /// <inheritdoc/>
    public void Probe(int gateway, long connection) => _seats[gateway].Find(connection)?.TrySend(AreYouThere, mayWrite: false);

    /// <inheritdoc/>
    public bool HasHeard(int gateway, long connection, long since) => _seats[gateway].Find(connection)?.HeardAt >= since;

    /// <inheritdoc/>
    public void Leave(int gateway, long connection) => _seats[gateway].Leave(connection);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var seat in _seats)
            seat.Dispose();
        locator?.Dispose();
    }
}
