namespace Shortline.Client.Requests;

/// <summary>
/// Chooses the gateway of each request: the client's own while that answers, else the next one that does, until its own answers again.
/// Guarded by the channel's lock. The caller passes the time.
/// </summary>
/// <param name="count">The number of gateways. Gateway 0 is the client's own.</param>
/// <param name="ticksPerSecond">Timestamp ticks a second.</param>
internal sealed class GatewayChoice(int count, long ticksPerSecond)
{
    // A restarted gateway is ready after about a second.
    private const int RefusalSeconds = 1;

    // Clients that never returned would all stay with the gateway that was restarted last. The price is one request in five seconds that
    // may need its first retry.
    private const int TryOwnSeconds = 5;

    private const int Own = 0;
    private const long Never = long.MinValue / 2;

    private readonly long[] _answeredAt = Filled(count);
    private readonly long[] _refusedAt = Filled(count);
    private int _current = Own;
    private long _tryOwnAt;

    /// <summary>Chooses the gateway of a new request.</summary>
    /// <param name="now">The time.</param>
    /// <param name="mayRepeat">
    /// Whether the request is sent again if no answer comes. Such a request may test whether the client's own gateway is back.
    /// </param>
    public int Pick(long now, bool mayRepeat)
    {
        if (_current == Own || !mayRepeat || now < _tryOwnAt)
            return _current;
        _tryOwnAt = now + (TryOwnSeconds * ticksPerSecond);
        return Own;
    }

    /// <summary>
    /// Chooses the gateway of a request that another gateway rejected or did not answer: the next one that did not refuse just now, if any.
    /// </summary>
    public int Next(int gateway, long now)
    {
        for (var step = 1; step < count; step++)
        {
            var next = (gateway + step) % count;
            if (!Refuses(next, now))
                return next;
        }

        return (gateway + 1) % count;
    }

    /// <summary>Whether there is another gateway that did not refuse just now.</summary>
    public bool HasOther(int gateway, long now) => Next(gateway, now) is var next && next != gateway && !Refuses(next, now);

    /// <summary>A gateway has sent a response.</summary>
    public void OnAnswer(int gateway, long now)
    {
        _answeredAt[gateway] = now;
        if (gateway == Own)
            _current = Own;
    }

    /// <summary>No process listens at a gateway's port, or it says that it is stopping.</summary>
    public void OnRefused(int gateway, long now)
    {
        _refusedAt[gateway] = now;
        Leave(gateway, now);
    }

    /// <summary>Whether a gateway has refused since a timestamp. It will not answer requests that it was sent before.</summary>
    public bool HasRefused(int gateway, long since) => count > 1 && Volatile.Read(ref _refusedAt[gateway]) > since;

    /// <summary>
    /// A request has waited since a timestamp. If no other request had an answer from the gateway during the later half of that time, new
    /// requests go elsewhere.
    /// </summary>
    /// <returns>Whether the gateway is silent. If not, it is the best target of the retry, because it knows the request.</returns>
    public bool IsSilent(int gateway, long since, long now)
    {
        if (count == 1 || _answeredAt[gateway] >= since + ((now - since) / 2))
            return false;
        Leave(gateway, now);
        return true;
    }

    /// <summary>A gateway does not answer on a connection: new requests go elsewhere.</summary>
    public void OnSilent(int gateway, long now) => Leave(gateway, now);

    private void Leave(int gateway, long now)
    {
        if (_current != gateway)
            return;
        _current = Next(gateway, now);
        _tryOwnAt = now + (TryOwnSeconds * ticksPerSecond);
    }

    private bool Refuses(int gateway, long now) =>
        _refusedAt[gateway] > _answeredAt[gateway] && now - _refusedAt[gateway] < RefusalSeconds * ticksPerSecond;

    private static long[] Filled(int count)
    {
        var times = new long[count];
        Array.Fill(times, Never);
        return times;
    }
}
