namespace Shortline.Balancing;

/// <summary>
/// Takes a server that only fails out of the choice for a while, then lets it back in with one request on trial (Envoy's outlier detection,
/// <c>consecutive_5xx</c>).
/// </summary>
/// <remarks>
/// A failure is a handler that failed or a request that got no answer in time. Rejecting is not failing: a full server is busy. If the request on trial fails,
/// the server goes out again, for longer; if nothing is heard of it, another one may be tried after a first ejection's time. Each period of that
/// length without a failure takes one ejection off the count. One owner.
/// </remarks>
/// <param name="settings">When, and for how long.</param>
/// <param name="random">The source of chance: up to a tenth is added to each ejection, so that gateways do not try at the same moment.</param>
public sealed class OutlierDetector(OutlierSettings settings, Random random)
{
    private const double Jitter = 0.1;

    private readonly SlotTable<Record> _records = new();

    /// <summary>Servers that are out now, on trial included.</summary>
    public int Ejected { get; private set; }

    /// <summary>Whether a server is to get nothing.</summary>
    public bool IsOut(int slot, double nowMs)
    {
        ref readonly var record = ref _records[slot];
        return record.IsEjected && nowMs < record.UntilMs;
    }

    /// <summary>Whether a server is out or on trial.</summary>
    public bool IsEjected(int slot) => _records[slot].IsEjected;

    /// <summary>A request goes to a server. If it is on trial, that is its one request.</summary>
    public void Picked(int slot, double nowMs)
    {
        ref var record = ref _records[slot];
        if (record.IsEjected)
            (record.IsOnTrial, record.UntilMs) = (true, nowMs + settings.EjectMs);
    }

    /// <summary>A request has ended.</summary>
    /// <param name="slot">The server's.</param>
    /// <param name="failed">Whether it failed.</param>
    /// <param name="servers">Servers there are, ejected ones included.</param>
    /// <param name="nowMs">The time.</param>
    /// <returns>What has become of the server.</returns>
    public OutlierVerdict Observe(int slot, bool failed, int servers, double nowMs)
    {
        ref var record = ref _records[slot];
        if (record is { IsEjected: true, IsOnTrial: false })
        {
            // It was sent before the ejection, which it can neither end nor make longer.
            return OutlierVerdict.None;
        }

        if (!failed)
        {
            record.Failures = 0;
            if (!record.IsEjected)
                return OutlierVerdict.None;

            Readmit(ref record, nowMs);
            return OutlierVerdict.Readmitted;
        }

        record.Failures++;
        if (record.IsEjected)
        {
            Extend(ref record, nowMs);
            return OutlierVerdict.None;
        }

        if (settings.Failures == 0 || record.Failures < settings.Failures || !IsRoom(servers))
            return OutlierVerdict.None;

        record.Times = Math.Max(0, record.Times - (int)((nowMs - record.BackSinceMs) / settings.EjectMs));
        record.IsEjected = true;
        Ejected++;
        Extend(ref record, nowMs);
        return OutlierVerdict.Ejected;
    }

    /// <summary>The server of a slot is gone.</summary>
    public void Removed(int slot)
    {
        if (_records[slot].IsEjected)
            Ejected--;
        _records[slot] = default;
    }

    private bool IsRoom(int servers) => servers > 1 && Ejected < Math.Max(1, servers * settings.MostPercent / 100);

    private void Extend(ref Record record, double nowMs)
    {
        record.IsOnTrial = false;
        record.Times++;
        var ms = Math.Min((double)settings.EjectMs * record.Times, settings.MostEjectMs);
        record.UntilMs = nowMs + (ms * (1 + (Jitter * random.NextDouble())));
    }

    private void Readmit(ref Record record, double nowMs)
    {
        (record.IsEjected, record.IsOnTrial) = (false, false);
        record.BackSinceMs = nowMs;
        Ejected--;
    }

    private struct Record
    {
        public int Failures;
        public int Times;
        public bool IsEjected;
        public bool IsOnTrial;
        public double UntilMs;
        public double BackSinceMs;
    }
}

/// <summary>When servers that only fail are left out, and for how long. The defaults are Envoy's.</summary>
/// <param name="Failures">Failures in a row that eject a server; 0 for never.</param>
/// <param name="EjectMs">Milliseconds of the first ejection; the second takes twice as long, and so on.</param>
/// <param name="MostEjectMs">Milliseconds that an ejection takes at most.</param>
/// <param name="MostPercent">Percent of the servers that may be ejected at the same time. One always may, unless it is the only one.</param>
public sealed record OutlierSettings(int Failures = 5, int EjectMs = 30_000, int MostEjectMs = 300_000, int MostPercent = 10);

/// <summary>What an <see cref="OutlierDetector"/> makes of the end of a request.</summary>
public enum OutlierVerdict
{
    /// <summary>Nothing new.</summary>
    None,

    /// <summary>The server is out from now on.</summary>
    Ejected,

    /// <summary>The server is back.</summary>
    Readmitted,
}
