namespace Shortline.Client;

/// <summary>
/// Which of its gateways a client sends to: its own while that answers; else the next one that does, until its own answers again. Guarded
/// by the channel's lock; knows no clock of its own.
/// </summary>
/// <param name="count">The gateways; 0 is the client's own.</param>
/// <param name="ticksPerSecond">The unit of timestamps.</param>
internal sealed class GatewayChoice(int count, long ticksPerSecond)
{
    // A gateway that is started again is there after about a second.
    private const int RefusalSeconds = 1;

    // Clients that never went back would all end at the gateway that was restarted last. One request in five seconds waits for its first retry.
    private const int TryOwnSeconds = 5;

    private const int Own = 0;
    private const long Never = long.MinValue / 2;

    private readonly long[] _answeredAt = Filled(count);
    private readonly long[] _refusedAt = Filled(count);
    private int _current = Own;
    private long _tryOwnAt;

    /// <summary>Where the next request goes.</summary>
    /// <param name="now">The time.</param>
    /// <param name="mayRepeat">Whether it will be sent again if no answer comes, so that it may find out whether the client's own gateway is back.</param>
    public int Pick(long now, bool mayRepeat)
    {
        if (_current == Own || !mayRepeat || now < _tryOwnAt)
            return _current;
        _tryOwnAt = now + (TryOwnSeconds * ticksPerSecond);
        return Own;
    }

    /// <summary>Where a request goes that a gateway has not answered, or turned away: the next one that did not refuse just now, if there is any.</summary>
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

    /// <summary>A gateway sent something.</summary>
    public void OnAnswer(int gateway, long now)
    {
        _answeredAt[gateway] = now;
        if (gateway == Own)
            _current = Own;
    }

    /// <summary>Nobody listens at a gateway's port, or it says that it is stopping.</summary>
    public void OnRefused(int gateway, long now)
    {
        _refusedAt[gateway] = now;
        Leave(gateway, now);
    }

    /// <summary>Whether a gateway has refused since then: what it was sent before will not be answered.</summary>
    public bool HasRefused(int gateway, long since) => count > 1 && Volatile.Read(ref _refusedAt[gateway]) > since;

    /// <summary>
    /// A request has had no answer for so long. If nobody else had one from that gateway either, not lately, new requests go elsewhere.
    /// </summary>
    /// <returns>Whether that is so. Otherwise the gateway is there: it had better be asked again itself, because it knows the request.</returns>
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
