using Shortline.Client.Requests;

namespace Shortline.Client.Tcp;

/// <summary>The connections of a client: a slot for each gateway, or for each server that it talks to directly.</summary>
/// <param name="dialers">Open the connections, one dialer for each slot.</param>
/// <param name="fault">Tells why the last connection could not be used.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Seeds the randomness of each slot.</param>
/// <param name="locator">Finds servers for a direct client; null otherwise.</param>
internal sealed class TcpTransport(
    IReadOnlyList<IDialer> dialers, Func<string?> fault, TimeProvider time, Random random, ServerLocator? locator = null) : IClientTransport
{
    /// <summary>
    /// A request that gateways and servers answer at once, without a queue. Its answer is an array, which no other response is.
    /// </summary>
    internal static ReadOnlySpan<byte> ProbeRequest => "{\"operation\":\"probe\"}"u8;

    private ConnectionSlot[] _slots = [];

    /// <inheritdoc/>
    public int Gateways => dialers.Count;

    /// <inheritdoc/>
    public bool HasConnections => true;

    /// <inheritdoc/>
    public int LocalPort => 0;

    /// <inheritdoc/>
    public ServerLocator? Locator => locator;

    /// <inheritdoc/>
    public string? ConnectionFault => fault();

    /// <inheritdoc/>
    public void ReadFor(RequestChannel channel) =>
        _slots = [.. dialers.Select((dialer, gateway) => new ConnectionSlot(gateway, dialer, time, new Random(random.Next()), channel))];

    /// <inheritdoc/>
    public long Connection(int gateway) => _slots[gateway].Number;

    /// <inheritdoc/>
    public SendOutcome Send(int gateway, long connection, ReadOnlySpan<byte> request) => _slots[gateway].Send(connection, request);

    /// <inheritdoc/>
    public bool IsOpen(int gateway, long connection) => _slots[gateway].Find(connection) is not { IsOpen: false };

    /// <inheritdoc/>
    public void Probe(int gateway, long connection) => _slots[gateway].Find(connection)?.TrySend(ProbeRequest, mayWrite: false);

    /// <inheritdoc/>
    public bool HasHeard(int gateway, long connection, long since) => _slots[gateway].Find(connection)?.HeardAt >= since;

    /// <inheritdoc/>
    public void Leave(int gateway, long connection) => _slots[gateway].Leave(connection);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var slot in _slots)
            slot.Dispose();
        locator?.Dispose();
    }
}
